package dev.jbuild.registry;

import java.net.URI;
import java.util.Optional;

/** Knows which proxy, if any, leads to a host. */
@FunctionalInterface
public interface Proxies {
    /** Every host is reached directly. */
    Proxies NONE = target -> Optional.empty();

    /**
     * The proxy for a request, as an {@code http} URI whose user information is the login.
     *
     * @param target what is to be reached: scheme, host and port
     */
    Optional<URI> find(URI target);
}
