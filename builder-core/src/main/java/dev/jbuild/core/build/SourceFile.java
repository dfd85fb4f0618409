package dev.jbuild.core.build;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.tree.FileStatus;

/**
 * One file that a copy takes.
 *
 * @param below its path below the source that was named; the root when it is that source itself
 * @param path where it lies in the source tree, all links resolved
 * @param implied whether it is a directory that was not asked for itself, but holds something that was
 */
record SourceFile(EntryPath below, EntryPath path, FileStatus status, boolean implied) {
    SourceFile(EntryPath below, EntryPath path, FileStatus status) {
        this(below, path, status, false);
    }

    /** What hard links of one file have in common. */
    record Identity(long device, long inode) {}

    /** Whether the file has other names, which then are to share its content in the image too. */
    boolean isShared() {
        return status.isFile() && status.links() > 1;
    }

    Identity identity() {
        return new Identity(status.device(), status.inode());
    }
}
