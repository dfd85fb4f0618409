package dev.jbuild.core.api;

import java.nio.file.Path;
import java.util.Optional;

/**
 * One more place that the result goes to.
 *
 * @param destination a file or directory; empty is standard output
 * @param form of the image; a filesystem has none
 * @param asFolder whether an archive is written as the folder that it would be when unpacked
 * @param split whether the filesystems of several platforms are kept apart in directories
 */
public record Output(Kind kind, Optional<Path> destination, ImageForm form, boolean asFolder, boolean split) {
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

    /** An output without wishes of its own. */
    public Output(Kind kind, Optional<Path> destination) {
        this(kind, destination, ImageForm.DEFAULT, false, true);
    }
}
