package dev.jbuild.core.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** EXPOSE's words: {@code port[-port][/proto]}, and Docker's tolerated {@code [ip:]host:} before it. */
final class Ports {
    private static final int LAST = 65535;
    private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "sctp");

    private Ports() {}

    /** One word as {@code port/proto} entries, in order. An {@link IllegalArgumentException} says what is wrong. */
    static List<String> parse(String word) {
        String container = word.substring(word.lastIndexOf(':') + 1);
        int slash = container.indexOf('/');
        String range = slash < 0 ? container : container.substring(0, slash);
        String protocol = slash < 0 ? "tcp" : container.substring(slash + 1).toLowerCase(Locale.ROOT);
        if (protocol.isEmpty()) {
            protocol = "tcp";
        }
        if (!PROTOCOLS.contains(protocol)) {
            throw new IllegalArgumentException("invalid port \"" + word + "\": the protocol is tcp, udp or sctp");
        }
        int dash = range.indexOf('-');
        int first = number(word, dash < 0 ? range : range.substring(0, dash));
        int last = dash < 0 ? first : number(word, range.substring(dash + 1));
        if (last < first) {
            throw new IllegalArgumentException("invalid port \"" + word + "\": the range ends before it starts");
        }
        List<String> ports = new ArrayList<>();
        for (int port = first; port <= last; port++) {
            ports.add(port + "/" + protocol);
        }
        return ports;
    }

    /** Whether the protocol, if any, is not in lower case. */
    static boolean isUpperCase(String word) {
        int slash = word.lastIndexOf('/');
        String protocol = slash < 0 ? "" : word.substring(slash + 1);
        return !protocol.equals(protocol.toLowerCase(Locale.ROOT));
    }

    /** Whether an address or a port of the host is named too. */
    static boolean isMapping(String word) {
        return word.lastIndexOf(':') > 0;
    }

    private static int number(String word, String digits) {
        if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("invalid port \"" + word + "\": a port is a number from 0 to " + LAST);
        }
        int port = Integer.parseInt(digits);
        if (port > LAST) {
            throw new IllegalArgumentException("invalid port \"" + word + "\": a port is a number from 0 to " + LAST);
        }
        return port;
    }
}
