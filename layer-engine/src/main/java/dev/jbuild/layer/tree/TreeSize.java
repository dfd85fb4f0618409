package dev.jbuild.layer.tree;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.linux.Errno;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** How much the files below a directory hold. */
public final class TreeSize {
    private final Set<Inode> counted = new HashSet<>();
    private long bytes;

    private record Inode(long device, long number) {}

    private TreeSize() {}

    /**
     * The lengths of all files below a directory, in bytes; a file of several names counts once.
     *
     * @throws NoSuchFileException when the directory is not there
     */
    public static long of(Linux linux, Path directory) throws IOException {
        TreeSize size = new TreeSize();
        try (DirectoryTree tree = DirectoryTree.open(linux, directory)) {
            size.walk(tree);
        } catch (LinuxException e) {
            if (e.errno() == Errno.ENOENT) {
                throw new NoSuchFileException(directory.toString());
            }
            throw e;
        }
        return size.bytes;
    }

    private void walk(FileTree tree) throws IOException {
        Deque<EntryPath> rest = new ArrayDeque<>();
        rest.push(EntryPath.ROOT);
        while (!rest.isEmpty()) {
            EntryPath directory = rest.pop();
            for (FileTree.Child child : list(tree, directory)) {
                if (child.status().isDirectory()) {
                    rest.push(directory.resolve(child.name()));
                } else {
                    count(child.status());
                }
            }
        }
    }

    /** Nothing for a directory that has gone since it was seen: a step's cache may be in use. */
    private static List<FileTree.Child> list(FileTree tree, EntryPath directory) throws IOException {
        try {
            return tree.list(directory);
        } catch (NotDirectoryException e) {
            return List.of();
        } catch (LinuxException e) {
            if (e.errno() == Errno.ENOENT && !directory.isRoot()) {
                return List.of();
            }
            throw e;
        }
    }

    private void count(FileStatus file) {
        if (file.links() == 1 || counted.add(new Inode(file.device(), file.inode()))) {
            bytes += file.size();
        }
    }
}
