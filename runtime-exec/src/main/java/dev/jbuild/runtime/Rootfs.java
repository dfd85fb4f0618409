package dev.jbuild.runtime;

import java.nio.file.Path;
import java.util.List;

/**
 * The layers a step sees as {@code /}, in overlayfs form (mounted with {@code userxattr}).
 *
 * @param lower the read-only trees, topmost first; may be empty (FROM scratch)
 * @param upper where the step's changes land, on the filesystem of work; nothing else of the box ever lands there
 * @param work an empty directory private to this run; whoever made it deletes it afterwards, whatever is in it
 * @param isPlain whether upper is the root itself, without an overlay; mount points that it lacks are made in it
 */
public record Rootfs(List<Path> lower, Path upper, Path work, boolean isPlain) {
    public Rootfs {
        if (isPlain && !lower.isEmpty()) {
            throw new IllegalArgumentException("a plain directory with layers below it");
        }
        lower = List.copyOf(lower);
        lower.forEach(Rootfs::checkAbsolute);
        checkAbsolute(upper);
        checkAbsolute(work);
    }

    /** Layers for overlayfs. */
    public Rootfs(List<Path> lower, Path upper, Path work) {
        this(lower, upper, work, false);
    }

    /** One directory that is the whole root, for where overlayfs is not to be had. Missing mount points stay in it. */
    public static Rootfs plain(Path root, Path work) {
        return new Rootfs(List.of(), root, work, true);
    }

    /** Where every step's box mounts something, whether the image has it or not; a plain root is given what it lacks. */
    public static List<String> mountPoints() {
        return BoxOperations.MOUNT_POINTS;
    }

    private static void checkAbsolute(Path path) {
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("not an absolute path: " + path);
        }
    }
}
