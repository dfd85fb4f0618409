package dev.jbuild.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * A place of a step's root that shows something else than the image. Where the image lacks it, it is there for this step
 * alone; nothing below it reaches the upper directory.
 */
public sealed interface StepMount {
    /** An absolute, clean path. Links of the image on the way to it are followed, inside its root. */
    String target();

    /**
     * A part of a stack of layers.
     *
     * @param lower the layers, topmost first; none is an empty directory
     * @param source an absolute path in the stack; links are followed, but never lead out of it
     * @param directory whether a directory is there
     * @param writable whether the step may write; what it writes is gone when it ends
     */
    record Layers(String target, List<Path> lower, String source, boolean directory, boolean writable)
            implements StepMount {
        public Layers {
            MountTarget.require(target);
            lower = List.copyOf(lower);
            if (!source.startsWith("/")) {
                throw new IllegalArgumentException("the source of a mount is not absolute: " + source);
            }
        }
    }

    /**
     * A directory or a socket of the host itself: what the step changes in it stays changed.
     *
     * @param source a path that no image has a say in
     */
    record Host(String target, Path source, boolean directory, boolean readOnly) implements StepMount {
        public Host {
            MountTarget.require(target);
            if (!source.isAbsolute()) {
                throw new IllegalArgumentException("the source of a mount is not absolute: " + source);
            }
        }
    }

    /**
     * An empty filesystem in memory that all may write to.
     *
     * @param size the most that it takes, in bytes; half of the memory when nothing is said (tmpfs(5))
     */
    record Memory(String target, OptionalLong size, boolean readOnly) implements StepMount {
        public Memory {
            MountTarget.require(target);
        }
    }

    /**
     * A read-only file of the step's own. Its content is in memory only, and only as long as the step.
     *
     * @param mode permission bits
     */
    record File(String target, byte[] content, int mode, long uid, long gid) implements StepMount {
        public File {
            MountTarget.require(target);
        }
    }
}
