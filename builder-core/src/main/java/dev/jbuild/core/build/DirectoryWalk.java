package dev.jbuild.core.build;

import dev.jbuild.dockerfile.IgnoreRules;
import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.tree.FileStatus;
import dev.jbuild.layer.tree.FileTree;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The contents of a directory that a copy takes, parents first. A directory that the rules hide is walked only where
 * something in it may be taken all the same, and counts only when something is.
 */
final class DirectoryWalk {
    /** An eighth of the memory; each path is kept twice, from the tree's top and from that of the copy. */
    private static final long MOST_PATH_BYTES = Runtime.getRuntime().maxMemory() / 8;

    private final FileTree tree;
    private final EntryPath top;
    private final Filter filter;
    private final List<SourceFile> found = new ArrayList<>();
    private final Deque<Level> levels = new ArrayDeque<>();
    private long pathBytes;

    /**
     * Which files are taken.
     *
     * @param ignore what is not there at all, by its path in the tree
     * @param include when present only what these patterns match, or a directory above it, by its path below the top
     * @param exclude what stays out, by its path below the top
     */
    record Filter(IgnoreRules ignore, Optional<IgnoreRules> include, IgnoreRules exclude) {
        /** Of the walk's top. */
        private Verdicts verdicts(EntryPath top) {
            IgnoreRules.Verdict ignored = ignore.top();
            for (Bytes name : top.components()) {
                ignored = ignored.child(name.text());
            }
            return new Verdicts(ignored, include.map(IgnoreRules::top), exclude.top());
        }

        private boolean mayIncludeBelow(EntryPath below) {
            return include.isEmpty() || include.get().mayMatchBelow(below.text());
        }
    }

    /** What the filter's rules say of one path: each is judged from its directory, as a path may have thousands. */
    private record Verdicts(
            IgnoreRules.Verdict ignore, Optional<IgnoreRules.Verdict> include, IgnoreRules.Verdict exclude) {
        private Verdicts child(Bytes name) {
            String text = name.text();
            return new Verdicts(ignore.child(text), include.map(verdict -> verdict.child(text)), exclude.child(text));
        }

        private boolean included() {
            return include.isEmpty() || include.get().isExcluded();
        }
    }

    DirectoryWalk(FileTree tree, EntryPath top, Filter filter) {
        this.tree = tree;
        this.top = top;
        this.filter = filter;
    }

    /** @throws IOException when their paths together are more than memory is meant for */
    List<SourceFile> files() throws IOException {
        levels.push(new Level(tree.list(top), filter.verdicts(top), Optional.empty(), 0));
        EntryPath directory = top;
        while (!levels.isEmpty()) {
            Level level = levels.element();
            FileTree.Child child = level.rest().poll();
            if (child == null) {
                leave(levels.remove());
                directory = directory.parent();
            } else if (visit(
                    directory.resolve(child.name()),
                    child.status(),
                    level.verdicts().child(child.name()))) {
                directory = directory.resolve(child.name());
            }
        }
        return found;
    }

    /** A directory under way. Not recursive: a hostile tree may be deeper than a stack. */
    private record Level(Deque<FileTree.Child> rest, Verdicts verdicts, Optional<SourceFile> hidden, int place) {
        Level(List<FileTree.Child> children, Verdicts verdicts, Optional<SourceFile> hidden, int place) {
            this(new ArrayDeque<>(children), verdicts, hidden, place);
        }
    }

    /** Whether it is a directory that is gone into. */
    private boolean visit(EntryPath path, FileStatus status, Verdicts verdicts) throws IOException {
        EntryPath below = path.relativeTo(top);
        boolean ignored = verdicts.ignore().isExcluded();
        boolean excluded = verdicts.exclude().isExcluded();
        boolean included = verdicts.included();
        boolean taken = included && !ignored && !excluded;
        if (taken) {
            count(path);
            found.add(new SourceFile(below, path, status));
        }
        // Each set of rules must let through what it hides: one without exceptions hides all below.
        boolean mayShow = (!ignored || filter.ignore().mayContainIncluded(path.text()))
                && (!excluded || filter.exclude().mayContainIncluded(below.text()))
                && (included || filter.mayIncludeBelow(below));
        if (!status.isDirectory() || !mayShow) {
            return false;
        }
        Optional<SourceFile> hidden =
                taken ? Optional.empty() : Optional.of(new SourceFile(below, path, status, excluded || !included));
        levels.push(new Level(tree.list(path), verdicts, hidden, found.size()));
        return true;
    }

    /** A directory that was hidden is taken when something in it is. */
    private void leave(Level level) throws IOException {
        if (level.hidden().isPresent() && found.size() > level.place()) {
            count(level.hidden().get().path());
            found.add(level.place(), level.hidden().get());
        }
    }

    private void count(EntryPath path) throws IOException {
        pathBytes += path.length();
        if (pathBytes > MOST_PATH_BYTES) {
            throw new FileSystemException(
                    path.toString(),
                    null,
                    "the paths of the files to copy take more than " + MOST_PATH_BYTES
                            + " bytes, an eighth of the memory: JBUILD_JAVA_OPTIONS=-Xmx4g gives more");
        }
    }
}
