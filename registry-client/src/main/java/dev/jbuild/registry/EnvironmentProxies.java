package dev.jbuild.registry;

import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Proxies as the variables {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY} name them, in either case.
 * Loopback hosts are always reached directly.
 */
public final class EnvironmentProxies implements Proxies {
    private final Optional<URI> forTls;
    private final Optional<URI> forPlain;
    private final String[] exceptions;

    /**
     * @param environment the variables of the process
     * @throws IllegalArgumentException when a variable holds no address of an http proxy
     */
    public EnvironmentProxies(Map<String, String> environment) {
        this.forTls = proxy(environment, "https_proxy");
        this.forPlain = proxy(environment, "http_proxy");
        this.exceptions =
                variable(environment, "no_proxy").toLowerCase(Locale.ROOT).split(",", -1);
    }

    private static String variable(Map<String, String> environment, String name) {
        String lower = environment.getOrDefault(name, "");
        return lower.isEmpty() ? environment.getOrDefault(name.toUpperCase(Locale.ROOT), "") : lower;
    }

    private static Optional<URI> proxy(Map<String, String> environment, String name) {
        String text = variable(environment, name).strip();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        URI uri = URI.create(text.contains("://") ? text : "http://" + text);
        if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
            throw new IllegalArgumentException(name + " is not the address of an http proxy: " + Redacted.url(uri));
        }
        return Optional.of(uri);
    }

    @Override
    public Optional<URI> find(URI target) {
        Origin origin = Origin.of(target);
        Optional<URI> proxy = origin.isTls() ? forTls : forPlain;
        return proxy.isEmpty() || Addresses.isLoopback(origin.host()) || isException(origin) ? Optional.empty() : proxy;
    }

    private boolean isException(Origin origin) {
        for (String exception : exceptions) {
            if (matches(exception.strip(), origin)) {
                return true;
            }
        }
        return false;
    }

    /** A host, a host with port, a domain with or without leading dot, an address range, or a star for everything. */
    private static boolean matches(String exception, Origin origin) {
        if (exception.isEmpty()) {
            return false;
        }
        String domain = exception.startsWith("*.") ? exception.substring(1) : exception;
        String suffix = domain.startsWith(".") ? domain : "." + domain;
        return exception.equals("*")
                || exception.equals(origin.host())
                || exception.equals(origin.bareHost())
                || exception.equals(origin.hostAndPort())
                || origin.host().endsWith(suffix)
                || isInRange(exception, origin.bareHost());
    }

    private static boolean isInRange(String range, String host) {
        int slash = range.indexOf('/');
        OptionalLong bits = slash < 0 ? OptionalLong.empty() : Numbers.parse(range.substring(slash + 1));
        if (bits.isEmpty()) {
            return false;
        }
        try {
            byte[] network = InetAddress.ofLiteral(range.substring(0, slash)).getAddress();
            byte[] address = InetAddress.ofLiteral(host).getAddress();
            return network.length == address.length && haveSameStart(network, address, bits.getAsLong());
        } catch (IllegalArgumentException e) {
            // One of them is a name, and names are in no range.
            return false;
        }
    }

    private static boolean haveSameStart(byte[] one, byte[] other, long bits) {
        for (int bit = 0; bit < Math.min(bits, 8L * one.length); bit++) {
            int mask = 0x80 >> (bit % 8);
            if (((one[bit / 8] ^ other[bit / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
