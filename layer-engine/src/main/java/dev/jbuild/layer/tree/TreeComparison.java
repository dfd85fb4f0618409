package dev.jbuild.layer.tree;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.linux.FileKind;
import dev.jbuild.linux.Linux;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Compares two trees of one layer: the one that was just made from it, and the one that the disk has kept. */
public final class TreeComparison {
    private final DirectoryTree made;
    private final DirectoryTree kept;
    private final Sameness sameness;

    private TreeComparison(DirectoryTree made, DirectoryTree kept) {
        this.made = made;
        this.kept = kept;
        // The tree of a step has the times of its files, their layer whole seconds.
        this.sameness = new Sameness(made, kept, Sameness.Origin.KEPT);
    }

    /**
     * An entry of which the kept tree has another kind, content or metadata; empty when all are the same. What only the kept
     * tree has is passed over, and so are marks of what is removed: the upper directory of a step may say the same in other
     * words than its layer.
     */
    public static Optional<EntryPath> difference(Linux linux, Path made, Path kept) throws IOException {
        try (DirectoryTree first = DirectoryTree.open(linux, made);
                DirectoryTree second = DirectoryTree.open(linux, kept)) {
            return new TreeComparison(first, second).find();
        }
    }

    private Optional<EntryPath> find() throws IOException {
        Deque<EntryPath> rest = new ArrayDeque<>();
        rest.push(EntryPath.ROOT);
        while (!rest.isEmpty()) {
            EntryPath directory = rest.pop();
            for (FileTree.Child child : made.list(directory)) {
                EntryPath path = directory.resolve(child.name());
                if (!isMark(child.status()) && !isSame(path, child.status())) {
                    return Optional.of(path);
                }
                if (child.status().isDirectory()) {
                    rest.push(path);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isMark(FileStatus status) {
        return status.kind() == FileKind.CHAR_DEVICE && status.deviceMajor() == 0 && status.deviceMinor() == 0;
    }

    private boolean isSame(EntryPath path, FileStatus status) throws IOException {
        Optional<FileStatus> now = kept.lookup(path);
        return now.isPresent() && sameness.holds(path, status, now.get());
    }
}
