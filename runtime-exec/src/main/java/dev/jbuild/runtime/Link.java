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
                    ResolvConf.FORWARDER,
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
}
