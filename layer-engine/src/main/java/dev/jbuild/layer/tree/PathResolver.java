package dev.jbuild.layer.tree;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import java.io.IOException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Resolves the links of a path inside a root.
 *
 * <p>The result is a path without links. It is only a name: whoever opens it must open it without following links, and then
 * a link put in the way meanwhile makes that fail and cannot lead astray.
 */
final class PathResolver {
    private static final Bytes DOT = Bytes.of(".");
    private static final Bytes DOT_DOT = Bytes.of("..");

    private final Nodes nodes;

    PathResolver(Nodes nodes) {
        this.nodes = nodes;
    }

    /** The path without links that names the same entry; empty when nothing is there. */
    Optional<EntryPath> existing(EntryPath path, boolean followLast) throws IOException {
        Walk walk = new Walk(path, followLast);
        while (walk.hasNext()) {
            if (!walk.step()) {
                return Optional.empty();
            }
        }
        return Optional.of(walk.at);
    }

    /** As {@link #existing}, but components that do not exist are kept as they are spelled. */
    EntryPath landing(EntryPath path, boolean followLast) throws IOException {
        Walk walk = new Walk(path, followLast);
        while (walk.hasNext()) {
            if (!walk.step()) {
                walk.takeUnchecked();
            }
        }
        return walk.at;
    }

    /** One resolution under way. */
    private final class Walk {
        private final EntryPath asked;
        private final boolean followLast;
        private final Deque<Bytes> rest = new ArrayDeque<>();
        private EntryPath at = EntryPath.ROOT;

        /** Nothing is at that place, so below it there is nothing to be asked for. */
        private boolean isBeyond;

        private int links;

        Walk(EntryPath asked, boolean followLast) {
            this.asked = asked;
            this.followLast = followLast;
            rest.addAll(asked.components());
        }

        boolean hasNext() {
            return !rest.isEmpty();
        }

        /** Takes the next component, or leaves it and returns false when nothing is there. */
        boolean step() throws IOException {
            Bytes name = rest.element();
            if (name.equals(DOT_DOT) || name.equals(DOT) || name.isEmpty()) {
                rest.remove();
                at = name.equals(DOT_DOT) ? at.parent() : at;
                isBeyond &= !name.equals(DOT_DOT);
                return true;
            }
            if (isBeyond) {
                return false;
            }
            EntryPath next = at.resolve(name);
            Optional<FileStatus> status = nodes.lookup(next);
            if (status.isEmpty()) {
                return false;
            }
            rest.remove();
            enter(next, status.get());
            return true;
        }

        /** Takes the next component although nothing is there, unless what is there cannot hold it. */
        void takeUnchecked() throws IOException {
            if (!isBeyond) {
                Optional<FileStatus> holder = nodes.lookup(at);
                if (holder.isPresent() && !holder.get().isDirectory()) {
                    throw new NotDirectoryException(at.toString());
                }
                isBeyond = true;
            }
            if (links == 0) {
                // Without a link the rest is spelled as it was asked, however long it is.
                at = asked;
                rest.clear();
                return;
            }
            at = at.resolve(rest.remove());
        }

        private void enter(EntryPath next, FileStatus status) throws IOException {
            if (status.isLink() && (hasNext() || followLast)) {
                follow(nodes.linkTarget(next));
            } else {
                at = next;
            }
        }

        private void follow(Bytes target) throws LinkLoopException {
            if (++links > FileTree.MAX_LINKS) {
                throw new LinkLoopException(asked);
            }
            if (target.startsWith(Bytes.of("/"))) {
                at = EntryPath.ROOT;
            }
            pushComponents(target);
        }

        /** Puts a link's components before the rest, last one first. */
        private void pushComponents(Bytes target) {
            int end = target.length();
            for (int i = end - 1; i >= -1; i--) {
                if (i < 0 || target.at(i) == '/') {
                    rest.push(Bytes.of(target.toArray(), i + 1, end));
                    end = i;
                }
            }
        }
    }
}
