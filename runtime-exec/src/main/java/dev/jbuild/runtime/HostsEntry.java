package dev.jbuild.runtime;

/** A line of the step's {@code /etc/hosts}. */
public record HostsEntry(String address, String host) {
    /** Stands for the address at which a step reaches this machine. */
    public static final String GATEWAY = "host-gateway";

    public HostsEntry {
        checkToken("address", address);
        checkToken("host name", host);
    }

    // White space or a line end would start another name or another line of /etc/hosts.
    private static void checkToken(String what, String text) {
        if (text.isEmpty() || text.chars().anyMatch(c -> c <= ' ' || c == '#' || c == 0x7f)) {
            throw new IllegalArgumentException("not a usable " + what + " in /etc/hosts: '" + text + "'");
        }
    }
}
