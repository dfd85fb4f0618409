package dev.jbuild.registry;

import java.util.Set;

/**
 * How registries are spoken to.
 *
 * @param insecure hosts ({@code host} or {@code host:port}) that are spoken to in plain HTTP; loopback hosts always are
 * @param trusted hosts that may be sent passwords as a token server, or be redirected to although their address is
 *     private
 * @param tls the keys and authorities of TLS
 * @param proxies which hosts are reached through a proxy
 * @param limits bounds of time and size
 * @param userAgent the {@code User-Agent} of every request
 */
public record RegistryOptions(
        Set<String> insecure, Set<String> trusted, Tls tls, Proxies proxies, HttpLimits limits, String userAgent) {
    public RegistryOptions {
        insecure = Set.copyOf(insecure);
        trusted = Set.copyOf(trusted);
    }

    /** TLS with the system's authorities, no proxy, the default limits. */
    public static RegistryOptions defaults() {
        return new RegistryOptions(Set.of(), Set.of(), Tls.system(), Proxies.NONE, HttpLimits.defaults(), "jbuild");
    }

    public RegistryOptions withInsecure(Set<String> hosts) {
        return new RegistryOptions(hosts, trusted, tls, proxies, limits, userAgent);
    }

    public RegistryOptions withTrusted(Set<String> hosts) {
        return new RegistryOptions(insecure, hosts, tls, proxies, limits, userAgent);
    }

    public RegistryOptions withTls(Tls newTls) {
        return new RegistryOptions(insecure, trusted, newTls, proxies, limits, userAgent);
    }

    public RegistryOptions withProxies(Proxies newProxies) {
        return new RegistryOptions(insecure, trusted, tls, newProxies, limits, userAgent);
    }

    public RegistryOptions withLimits(HttpLimits newLimits) {
        return new RegistryOptions(insecure, trusted, tls, proxies, newLimits, userAgent);
    }

    public RegistryOptions withUserAgent(String agent) {
        return new RegistryOptions(insecure, trusted, tls, proxies, limits, agent);
    }
}
