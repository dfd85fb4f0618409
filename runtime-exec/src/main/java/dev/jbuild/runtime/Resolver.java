package dev.jbuild.runtime;

import java.net.InetAddress;
import java.util.List;

/**
 * What a step asks for the addresses of hosts, as its /etc/resolv.conf says it (resolv.conf(5)); what is empty is the host's.
 *
 * @param servers IPv4 or IPv6 addresses
 * @param searches the domains that short names are looked for in; a single {@code .} is none
 * @param options such as {@code ndots:2}
 */
public record Resolver(List<String> servers, List<String> searches, List<String> options) {
    /** All as the host has it. */
    public static final Resolver OF_HOST = new Resolver(List.of(), List.of(), List.of());

    public Resolver {
        servers = List.copyOf(servers);
        searches = List.copyOf(searches);
        options = List.copyOf(options);
        servers.forEach(Resolver::checkServer);
        searches.forEach(domain -> check("a search domain", domain));
        options.forEach(option -> check("an option of resolv.conf", option));
    }

    /** The servers that are on the loopback of whoever asks. */
    List<String> loopbackServers() {
        return servers.stream()
                .filter(server -> address(server).isLoopbackAddress())
                .toList();
    }

    private static void checkServer(String server) {
        check("an address of a name server", server);
        if (server.startsWith("[")) {
            throw new IllegalArgumentException("an address of a name server stands without brackets: '" + server + "'");
        }
        try {
            address(server);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not an address of a name server: '" + server + "'", e);
        }
    }

    /** Without its zone ({@code fe80::1%eth0}), which need not be there yet. */
    private static InetAddress address(String server) {
        int zone = server.indexOf('%');
        return InetAddress.ofLiteral(zone > 0 ? server.substring(0, zone) : server);
    }

    // White space or a line end would start another line of the file.
    private static void check(String what, String text) {
        if (text.isEmpty() || text.chars().anyMatch(c -> c <= ' ' || c == '#' || c == ';' || c == 0x7f)) {
            throw new IllegalArgumentException("not " + what + ": '" + text + "'");
        }
    }
}
