package dev.jbuild.registry;

import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;

/** Gives the keys and authorities of TLS when the first secure connection is made: loading them takes 80 ms. */
@FunctionalInterface
public interface Tls {
    SSLContext context();

    /** The authorities that this Java trusts. */
    static Tls system() {
        return () -> {
            try {
                return SSLContext.getDefault();
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this Java has no TLS", e);
            }
        };
    }
}
