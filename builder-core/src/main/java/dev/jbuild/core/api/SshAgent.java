package dev.jbuild.core.api;

import java.nio.file.Path;
import java.util.List;

/**
 * An SSH agent that steps may ask for signatures.
 *
 * @param id what a RUN asks for it by
 * @param paths the socket of one agent, or files with private keys that need no passphrase
 */
public record SshAgent(String id, List<Path> paths) {
    /** The id of a {@code --mount=type=ssh} that names none. */
    public static final String DEFAULT_ID = "default";

    public SshAgent {
        paths = List.copyOf(paths);
        if (id.isEmpty() || paths.isEmpty()) {
            throw new IllegalArgumentException("an SSH agent needs an id and a socket or key");
        }
    }
}
