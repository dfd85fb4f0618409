package dev.jbuild.core.api;

import java.nio.file.Path;
import java.util.Optional;

/**
 * One more place that the result goes to.
 *
 * @param destination a file, or for {@code LOCAL} a directory; empty is standard output
 */
public record Output(Kind kind, Optional<Path> destination) {
    /** The forms in which a result leaves the store. */
    public enum Kind {
        /** An OCI image layout in a tar file. */
        OCI,
        /** What {@code docker load} reads. */
        DOCKER,
        /** The root filesystem as one tar file. */
        TAR,
        /** The root filesystem as files in a directory. */
        LOCAL
    }
}
