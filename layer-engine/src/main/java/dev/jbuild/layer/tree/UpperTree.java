package dev.jbuild.layer.tree;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerSink;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.linux.Linux;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An overlay's upper directory as the layer that it is: what a step changed, in the order of a walk, so that it can be
 * written without being collected.
 *
 * <p>Overlayfs's own attributes are dropped, whiteouts and opaque directories become the layer's markers, sockets are left
 * out. Where the lower tree is given, the layer is exact: what was copied up but not changed is left out, nothing is
 * removed that was never there, and an opaque directory becomes the whiteouts of what it really hides.
 */
public final class UpperTree implements LayerSource {
    private final Linux linux;
    private final Path upper;
    private final Optional<StackedTree> lower;

    /**
     * @param upper must not change while it is read
     * @param lower what it was mounted over; it stays the caller's to close
     */
    public UpperTree(Linux linux, Path upper, Optional<StackedTree> lower) {
        this.linux = linux;
        this.upper = upper;
        this.lower = lower;
    }

    /**
     * Makes a new upper directory's root look as the lower tree's: overlayfs shows the mode, owner and time of the upper
     * one.
     */
    public static void prepare(Linux linux, Path upper, StackedTree lower) throws IOException {
        TreeWriter.unpack(linux, sink -> {}, upper, Optional.of(lower), LayerLimits.defaults());
    }

    @Override
    public void writeTo(LayerSink sink) throws IOException {
        try (ConfinedDirectory directory = new ConfinedDirectory(linux, upper)) {
            StackedTree view = StackedTree.of(directory);
            ChangeWriter changes = new ChangeWriter(new EntryReader(view, sink));
            if (lower.isPresent()) {
                new UpperWalk(directory, new AgainstLower(lower.get(), view, changes)).run();
            } else {
                new UpperWalk(directory, new AsFound(view, changes)).run();
            }
        }
    }

    /** Whether this layer has no entries. */
    public boolean isEmpty() throws IOException {
        AtomicBoolean found = new AtomicBoolean();
        writeTo((entry, content) -> found.set(true));
        return !found.get();
    }

    /** What an upper directory's entries mean. */
    interface Reading {
        void root(FileStatus status) throws IOException;

        void whiteout(EntryPath path) throws IOException;

        void socket(EntryPath path) throws IOException;

        void entry(EntryPath path, FileStatus status) throws IOException;

        /** Returns whether the walk is to look into the directory. */
        boolean enter(EntryPath directory, FileStatus status, boolean isOpaque) throws IOException;

        void leave(EntryPath directory);
    }

    /** Nothing is known of the lower tree: every entry is one of the layer. */
    private record AsFound(StackedTree view, ChangeWriter changes) implements Reading {
        @Override
        public void root(FileStatus status) throws IOException {
            if (!isAsMade(status)) {
                changes.changed(EntryPath.ROOT, status);
            }
        }

        /** Whether the root is what every tree starts with. Its time moves with whatever is made in it, and says nothing. */
        private boolean isAsMade(FileStatus status) throws IOException {
            return status.mode() == 0755
                    && status.uid() == 0
                    && status.gid() == 0
                    && view.xattrs(EntryPath.ROOT).isEmpty();
        }

        @Override
        public void whiteout(EntryPath path) throws IOException {
            changes.removed(path);
        }

        @Override
        public void socket(EntryPath path) {}

        @Override
        public void entry(EntryPath path, FileStatus status) throws IOException {
            changes.changed(path, status);
        }

        @Override
        public boolean enter(EntryPath directory, FileStatus status, boolean isOpaque) throws IOException {
            changes.changed(directory, status);
            if (isOpaque) {
                changes.opaque(directory);
            }
            return true;
        }

        @Override
        public void leave(EntryPath directory) {}
    }

    /** The lower tree is known: only what differs from it is of the layer. */
    private static final class AgainstLower implements Reading {
        private final StackedTree lower;
        private final ChangeWriter changes;
        private final Sameness sameness;
        private final TreeDiff diff;

        AgainstLower(StackedTree lower, StackedTree view, ChangeWriter changes) {
            this.lower = lower;
            this.changes = changes;
            this.sameness = new Sameness(lower, view, Sameness.Origin.COPIED_UP);
            this.diff = new TreeDiff(lower, view);
        }

        @Override
        public void root(FileStatus status) throws IOException {
            enter(EntryPath.ROOT, status, false);
        }

        @Override
        public void whiteout(EntryPath path) throws IOException {
            if (lower.lookup(path).isPresent()) {
                changes.removed(path);
            }
        }

        /** No layer holds a socket, but what it took the place of is gone. */
        @Override
        public void socket(EntryPath path) throws IOException {
            whiteout(path);
        }

        @Override
        public void entry(EntryPath path, FileStatus status) throws IOException {
            if (!isUnchanged(path, status)) {
                changes.changed(path, status);
            }
        }

        @Override
        public boolean enter(EntryPath directory, FileStatus status, boolean isOpaque) throws IOException {
            if (isUnchanged(directory, status)) {
                changes.enterUnchanged(directory, status);
            } else {
                changes.changed(directory, status);
            }
            boolean replaces = isOpaque
                    && lower.lookup(directory).map(FileStatus::isDirectory).orElse(false);
            if (replaces) {
                diff.below(directory, changes);
            }
            return !replaces;
        }

        @Override
        public void leave(EntryPath directory) {
            changes.leave(directory);
        }

        private boolean isUnchanged(EntryPath path, FileStatus status) throws IOException {
            Optional<FileStatus> below = lower.lookup(path);
            return below.isPresent() && sameness.holds(path, below.get(), status);
        }
    }
}
