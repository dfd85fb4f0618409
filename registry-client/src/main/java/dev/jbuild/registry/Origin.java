package dev.jbuild.registry;

import java.net.URI;
import java.util.Locale;

/**
 * Scheme, host and port: what a login is bound to (RFC 6454). A login for one origin is never sent to another.
 *
 * @param host lower case, IPv6 addresses in brackets
 */
record Origin(String scheme, String host, int port) {
    Origin {
        scheme = scheme.toLowerCase(Locale.ROOT);
        host = host.toLowerCase(Locale.ROOT);
    }

    /** The origin of an absolute http or https URI that has a host. */
    static Origin of(URI uri) {
        int port = uri.getPort() >= 0 ? uri.getPort() : standardPort(uri.getScheme());
        return new Origin(uri.getScheme(), uri.getHost(), port);
    }

    boolean isTls() {
        return scheme.equals("https");
    }

    /** {@code host} or {@code host:port}, as a {@code Host} header field has it. */
    String authority() {
        return port == standardPort(scheme) ? host : host + ":" + port;
    }

    /** {@code host:port}, always with the port. */
    String hostAndPort() {
        return host + ":" + port;
    }

    /** The host as the resolver wants it. */
    String bareHost() {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    URI uri(String path) {
        return URI.create(this + path);
    }

    /** By hand, as {@link #hashCode}: what the language generates costs the first request 15 ms of bootstrap. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Origin that
                && port == that.port
                && scheme.equals(that.scheme)
                && host.equals(that.host);
    }

    @Override
    public int hashCode() {
        return 31 * host.hashCode() + port;
    }

    @Override
    public String toString() {
        return scheme + "://" + authority();
    }

    private static int standardPort(String scheme) {
        return scheme.equalsIgnoreCase("https") ? 443 : 80;
    }
}
