package dev.jbuild.runtime;

import java.nio.file.Path;
import java.util.List;

/** How a step's network is made on this machine. */
sealed interface Link {
    /** The host's own. */
    record Host() implements Link {}

    /** Nothing but loopback. */
    record Isolated() implements Link {}

    /** An own namespace with pasta between it and the host's sockets. */
    record Pasta(Path program) implements Link {
        /**
         * No port of the host is opened to the step and none of the step's to the host (-t -u -T -U none), and the
         * gateway's address does not lead to the host's loopback servers. As root pasta would become nobody, who may
         * not open the namespace.
         */
        List<String> command() {
            return List.of(
                    program.toString(),
                    "--foreground",
                    "--quiet",
                    "--config-net",
                    "--netns-only",
                    "--netns",
                    "/proc/self/fd/0",
                    "--pid",
                    "/proc/self/fd/1",
                    "--runas",
                    "0:0",
                    "--no-map-gw",
                    "--dns-forward",
                    ResolvConf.OF_PASTA,
                    "-t",
                    "none",
                    "-u",
                    "none",
                    "-T",
                    "none",
                    "-U",
                    "none");
        }
    }

    /** An own namespace with slirp4netns between it and the host's sockets: slower than pasta, and older. */
    record Slirp(Path program) implements Link {
        // It chatters on standard output, where the launcher waits for the byte that says it is up.
        private static final String QUIETLY = "exec \"$0\" \"$@\" 3>&1 1>&2";

        /** The host's loopback servers are not reached through the gateway's address. */
        List<String> command() {
            return List.of(
                    "/bin/sh",
                    "-c",
                    QUIETLY,
                    program.toString(),
                    "--configure",
                    "--mtu=65520",
                    "--disable-host-loopback",
                    "--ready-fd=3",
                    "--netns-type=path",
                    "/proc/self/fd/0",
                    "tap0");
        }
    }
}
