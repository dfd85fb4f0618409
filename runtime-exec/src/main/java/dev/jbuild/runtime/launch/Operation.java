package dev.jbuild.runtime.launch;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** One thing that the launcher does to the step's filesystem, in order. Targets are paths inside the step's root. */
public sealed interface Operation {
    /** Where, as the step will see it. */
    String target();

    /** How the mount point is found. */
    enum Place {
        /** Inside what an earlier operation mounted. */
        BOX,
        /** In the image: made in a layer of its own where it is missing; a symbolic link is refused. */
        IMAGE,
        /** In the image, after following links inside the root, as for /etc/resolv.conf. */
        IMAGE_FOLLOWED,
        /** Inside what an earlier operation mounted, after following links inside the root; made where it is missing. */
        BOX_FOLLOWED,
        /** Inside what an earlier operation mounted; made where it is missing; a symbolic link is refused. */
        BOX_WITHOUT_LINKS
    }

    /** A new filesystem; options are {@code key=value} or {@code flag}. */
    record Filesystem(String target, Place place, String type, List<String> options, Set<Attribute> attributes)
            implements Operation {
        public Filesystem {
            options = List.copyOf(options);
            attributes = Set.copyOf(attributes);
        }
    }

    /** A directory or file of the host. */
    record Bind(String target, Place place, Path source, boolean recursive, Set<Attribute> attributes)
            implements Operation {
        public Bind {
            attributes = Set.copyOf(attributes);
        }
    }

    /**
     * A part of a stack of layers.
     *
     * @param lower topmost first
     * @param source a path in the stack, links followed inside it
     * @param directory whether it is a directory
     * @param writable whether what is written is kept as long as the step
     */
    record Stack(
            String target,
            Place place,
            List<Path> lower,
            String source,
            boolean directory,
            boolean writable,
            Set<Attribute> attributes)
            implements Operation {
        public Stack {
            lower = List.copyOf(lower);
            attributes = Set.copyOf(attributes);
        }
    }

    /** A file with this content, of which nothing is left afterwards. */
    record PrivateFile(
            String target, Place place, byte[] content, int mode, long uid, long gid, Set<Attribute> attributes)
            implements Operation {
        public PrivateFile {
            attributes = Set.copyOf(attributes);
        }
    }

    /** A character device: a node, or where the kernel allows none, the host's own node of that path. */
    record Device(String target, int major, int minor, int mode) implements Operation {}

    record Symlink(String target, String text) implements Operation {}

    record Directory(String target, int mode) implements Operation {}

    /** Hides what is there, if it is there. */
    record Mask(String target) implements Operation {}

    /** Makes what is there read-only, if it is there. */
    record ReadOnly(String target) implements Operation {}

    /** Only makes sure that a mount point is there, for another program to use. */
    record Stub(String target, Place place, boolean directory) implements Operation {}
}
