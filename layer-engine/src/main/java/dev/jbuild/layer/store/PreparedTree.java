package dev.jbuild.layer.store;

import dev.jbuild.linux.Linux;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A tree being filled: an unpacker writes into it, or it is the upper directory of a step's overlay. */
public final class PreparedTree implements Closeable {
    private final Path folder;
    private final Linux linux;

    private PreparedTree(Path folder, Linux linux) {
        this.folder = folder;
        this.linux = linux;
    }

    static PreparedTree make(Path folder, Linux linux) throws IOException {
        Files.createDirectory(folder, StoreFolders.PRIVATE_FOLDER);
        PreparedTree tree = new PreparedTree(folder, linux);
        Files.createDirectory(tree.fs());
        // The root of a step's file system takes its mode from here, so it must not depend on this process's umask.
        Files.setPosixFilePermissions(tree.fs(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectory(tree.work(), StoreFolders.PRIVATE_FOLDER);
        return tree;
    }

    /** The tree's root; overlayfs's upper directory. */
    public Path fs() {
        return folder.resolve("fs");
    }

    /** Overlayfs's work directory, on the same file system. */
    public Path work() {
        return folder.resolve("work");
    }

    Path folder() {
        return folder;
    }

    void removeWork() throws IOException {
        new FolderRemover(linux).remove(work());
    }

    /** Removes the tree unless it was published. */
    @Override
    public void close() throws IOException {
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            new FolderRemover(linux).remove(folder);
        }
    }
}
