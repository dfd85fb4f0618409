package dev.jbuild.runtime;

import java.nio.file.Path;
import java.util.List;

/**
 * The layers a step sees as {@code /}, in overlayfs form (mounted with {@code userxattr}).
 *
 * @param lower the read-only trees, topmost first; may be empty (FROM scratch)
 * @param upper where the step's changes land, on the filesystem of work; nothing else of the box ever lands there
 * @param work an empty directory private to this run; whoever made it deletes it afterwards, whatever is in it
 */
public record Rootfs(List<Path> lower, Path upper, Path work) {
    public Rootfs {
        lower = List.copyOf(lower);
        lower.forEach(Rootfs::checkAbsolute);
        checkAbsolute(upper);
        checkAbsolute(work);
    }

    private static void checkAbsolute(Path path) {
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("not an absolute path: " + path);
        }
    }
}
