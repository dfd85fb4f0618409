package dev.jbuild.runtime;

import java.util.List;

/**
 * What a step asks for the addresses of hosts, as its /etc/resolv.conf says it (resolv.conf(5)); what is empty is the host's.
 *
 * @param servers addresses
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
        servers.forEach(server -> check("an address of a name server", server));
        searches.forEach(domain -> check("a search domain", domain));
        options.forEach(option -> check("an option of resolv.conf", option));
    }

    // White space or a line end would start another line of the file.
    private static void check(String what, String text) {
        if (text.isEmpty() || text.chars().anyMatch(c -> c <= ' ' || c == '#' || c == ';' || c == 0x7f)) {
            throw new IllegalArgumentException("not " + what + ": '" + text + "'");
        }
    }
}
