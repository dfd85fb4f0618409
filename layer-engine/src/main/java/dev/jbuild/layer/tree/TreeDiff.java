package dev.jbuild.layer.tree;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerSink;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.linux.FileKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The layer that turns one tree into another, found by walking both. Sockets, which no layer can hold, count as absent. */
public final class TreeDiff implements LayerSource {
    private final FileTree before;
    private final FileTree after;
    private final Sameness sameness;

    public TreeDiff(FileTree before, FileTree after) {
        this(before, after, new Sameness(before, after, Sameness.Origin.ANY));
    }

    private TreeDiff(FileTree before, FileTree after, Sameness sameness) {
        this.before = before;
        this.after = after;
        this.sameness = sameness;
    }

    /** A difference to a tree that was unpacked: layers mostly tell times in whole seconds, so a fraction says nothing. */
    public static TreeDiff sinceUnpacking(FileTree before, FileTree after) {
        return new TreeDiff(before, after, new Sameness(before, after, Sameness.Origin.UNPACKED));
    }

    /**
     * A difference to a tree that was copied: entries that the copy's index has as they were then are not looked into.
     *
     * @param after the copy, as it is now
     */
    public static TreeDiff sinceCopy(FileTree before, FileTree after, CopiedEntries copied) {
        return new TreeDiff(before, after, new Sameness(before, after, Sameness.Origin.COPIED, copied::isUntouched));
    }

    @Override
    public void writeTo(LayerSink sink) throws IOException {
        ChangeWriter changes = new ChangeWriter(new EntryReader(after, sink));
        FileStatus old = before.lstat(EntryPath.ROOT).orElseThrow();
        FileStatus now = after.lstat(EntryPath.ROOT).orElseThrow();
        if (!sameness.holds(EntryPath.ROOT, old, now)) {
            changes.changed(EntryPath.ROOT, now);
        }
        below(EntryPath.ROOT, changes);
    }

    /** Writes what differs inside a directory that both trees have. Not recursive: trees may be deeper than a stack. */
    void below(EntryPath directory, ChangeWriter changes) throws IOException {
        List<Pair> pairs = new ArrayList<>();
        pairs.add(new Pair(directory, before.list(directory), after.list(directory)));
        while (!pairs.isEmpty()) {
            Pair pair = pairs.getLast();
            if (pair.isDone()) {
                pairs.removeLast();
                changes.leave(pair.directory);
            } else {
                step(pair, pairs, changes);
            }
        }
    }

    private void step(Pair pair, List<Pair> pairs, ChangeWriter changes) throws IOException {
        int order = pair.order();
        if (order < 0) {
            changes.removed(pair.path(pair.takeOld()));
        } else if (order > 0) {
            add(pair.path(pair.now()), pair.takeNow().status(), pairs, changes);
        } else {
            EntryPath path = pair.path(pair.now());
            compare(path, pair.takeOld().status(), pair.takeNow().status(), pairs, changes);
        }
    }

    private void add(EntryPath path, FileStatus now, List<Pair> pairs, ChangeWriter changes) throws IOException {
        changes.changed(path, now);
        if (now.isDirectory()) {
            pairs.add(new Pair(path, List.of(), after.list(path)));
        }
    }

    private void compare(EntryPath path, FileStatus old, FileStatus now, List<Pair> pairs, ChangeWriter changes)
            throws IOException {
        boolean isSame = sameness.holds(path, old, now);
        if (!isSame && !(old.isDirectory() && now.isDirectory())) {
            add(path, now, pairs, changes);
        } else if (now.isDirectory()) {
            if (isSame) {
                changes.enterUnchanged(path, now);
            } else {
                changes.changed(path, now);
            }
            pairs.add(new Pair(path, before.list(path), after.list(path)));
        }
    }

    /** Two sorted listings of one directory being merged. */
    private static final class Pair {
        private final EntryPath directory;
        private final List<FileTree.Child> old;
        private final List<FileTree.Child> now;
        private int oldAt;
        private int nowAt;

        Pair(EntryPath directory, List<FileTree.Child> old, List<FileTree.Child> now) {
            this.directory = directory;
            this.old = withoutSockets(old);
            this.now = withoutSockets(now);
        }

        boolean isDone() {
            return oldAt == old.size() && nowAt == now.size();
        }

        /** Negative when the next name is on the old side only, positive when on the new. */
        int order() {
            if (oldAt == old.size() || nowAt == now.size()) {
                return oldAt == old.size() ? 1 : -1;
            }
            Bytes oldName = old.get(oldAt).name();
            return oldName.compareTo(now.get(nowAt).name());
        }

        FileTree.Child now() {
            return now.get(nowAt);
        }

        FileTree.Child takeOld() {
            return old.get(oldAt++);
        }

        FileTree.Child takeNow() {
            return now.get(nowAt++);
        }

        EntryPath path(FileTree.Child child) {
            return directory.resolve(child.name());
        }

        private static List<FileTree.Child> withoutSockets(List<FileTree.Child> children) {
            return children.stream()
                    .filter(child -> child.status().kind() != FileKind.SOCKET)
                    .toList();
        }
    }
}
