package dev.jbuild.runtime;

import java.util.ArrayList;
import java.util.List;

/** The step's own /etc/resolv.conf, made from the host's. */
record ResolvConf(List<String> lines) {
    /** Where pasta takes DNS queries for the host's resolver: link-local, so no host of the user's can be meant. */
    static final String OF_PASTA = "169.254.1.1";

    /** Where slirp4netns does, which cannot be changed. */
    static final String OF_SLIRP = "10.0.2.3";

    private static final String NAME_SERVER = "nameserver";

    ResolvConf {
        lines = List.copyOf(lines);
    }

    static ResolvConf parse(String text) {
        return new ResolvConf(text.lines().toList());
    }

    /** As this, but for what the resolver names itself. */
    ResolvConf with(Resolver resolver) {
        List<String> changed = new ArrayList<>(lines);
        if (!resolver.servers().isEmpty()) {
            changed.removeIf(ResolvConf::isServer);
            resolver.servers().forEach(server -> changed.add(NAME_SERVER + " " + server));
        }
        if (!resolver.searches().isEmpty()) {
            // The older way to say what is searched (resolv.conf(5)).
            changed.removeIf(line -> line.strip().startsWith("domain"));
        }
        replace(changed, "search", resolver.searches());
        replace(changed, "options", resolver.options());
        return new ResolvConf(changed);
    }

    private static void replace(List<String> lines, String keyword, List<String> values) {
        if (!values.isEmpty()) {
            lines.removeIf(line -> line.strip().startsWith(keyword));
            // As docker run --dns-search=. has it: no domain at all.
            if (!values.equals(List.of("."))) {
                lines.add(keyword + " " + String.join(" ", values));
            }
        }
    }

    /** For a step on the host's network: all as it is there. */
    String onHost() {
        return String.join("\n", lines) + "\n";
    }

    /**
     * For a step in a namespace of its own: there the host's loopback addresses are others.
     *
     * @param forwarder the address that takes queries for the host's resolver
     */
    String behind(String forwarder) {
        List<String> kept = new ArrayList<>(lines);
        if (kept.removeIf(ResolvConf::isLoopbackServer) || kept.stream().noneMatch(ResolvConf::isServer)) {
            kept.addFirst(NAME_SERVER + " " + forwarder);
        }
        return String.join("\n", kept) + "\n";
    }

    private static boolean isServer(String line) {
        return line.strip().startsWith(NAME_SERVER);
    }

    private static boolean isLoopbackServer(String line) {
        String address = line.strip()
                .substring(isServer(line) ? NAME_SERVER.length() : 0)
                .strip();
        return isServer(line) && (address.startsWith("127.") || address.equals("::1"));
    }
}
