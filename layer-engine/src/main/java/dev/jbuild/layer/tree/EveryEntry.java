package dev.jbuild.layer.tree;

import dev.jbuild.layer.EntryPath;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** All entries of a tree, each after its directory; nothing is read. Not recursive: trees may be deeper than a stack. */
final class EveryEntry {
    private EveryEntry() {}

    /** Hears of an entry. */
    @FunctionalInterface
    interface Visit {
        void of(EntryPath path, FileStatus status);
    }

    static void below(FileTree tree, Visit visit) throws IOException {
        Deque<EntryPath> directories = new ArrayDeque<>();
        directories.push(EntryPath.ROOT);
        while (!directories.isEmpty()) {
            // The last found first: two deep branches in turn would be walked from the root each time.
            EntryPath directory = directories.pop();
            for (FileTree.Child child : tree.list(directory)) {
                EntryPath path = directory.resolve(child.name());
                visit.of(path, child.status());
                if (child.status().isDirectory()) {
                    directories.push(path);
                }
            }
        }
    }
}
