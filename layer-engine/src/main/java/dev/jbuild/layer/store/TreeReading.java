package dev.jbuild.layer.store;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.tree.DirectoryTree;
import dev.jbuild.layer.tree.FileTree;
import dev.jbuild.linux.Linux;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** Reads a tree of the store from its first to its last byte, to see whether the disk still gives it. */
final class TreeReading {
    private TreeReading() {}

    /**
     * @throws NoSuchFileException when the tree is not there
     * @throws IOException when anything in it cannot be read
     */
    static void readAll(Linux linux, Path tree) throws IOException {
        TreeStore.requireSound(linux, tree);
        try (DirectoryTree files = DirectoryTree.open(linux, tree.resolve("fs"))) {
            Deque<EntryPath> rest = new ArrayDeque<>();
            rest.push(EntryPath.ROOT);
            while (!rest.isEmpty()) {
                EntryPath directory = rest.pop();
                for (FileTree.Child child : files.list(directory)) {
                    EntryPath path = directory.resolve(child.name());
                    switch (child.status().kind()) {
                        case DIRECTORY -> rest.push(path);
                        case FILE -> readFile(files, path);
                        case SYMLINK -> files.readLink(path);
                        case FIFO, SOCKET, CHAR_DEVICE, BLOCK_DEVICE -> {}
                    }
                }
            }
        }
    }

    private static void readFile(FileTree files, EntryPath path) throws IOException {
        try (InputStream in = files.open(path)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
    }
}
