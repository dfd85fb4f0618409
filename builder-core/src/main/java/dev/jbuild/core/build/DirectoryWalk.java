package dev.jbuild.core.build;

import dev.jbuild.dockerfile.IgnoreRules;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.tree.FileTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The contents of a directory that a copy takes, parents first. A directory that the rules hide is walked only where
 * something in it may be taken all the same, and counts only when something is.
 */
final class DirectoryWalk {
    private final FileTree tree;
    private final EntryPath top;
    private final Filter filter;
    private final List<SourceFile> found = new ArrayList<>();

    /**
     * Which files are taken.
     *
     * @param ignore what is not there at all, by its path in the tree
     * @param include when present only what these patterns match, or a directory above it, by its path below the top
     * @param exclude what stays out, by its path below the top
     */
    record Filter(IgnoreRules ignore, Optional<IgnoreRules> include, IgnoreRules exclude) {
        private boolean includes(EntryPath below) {
            return include.isEmpty() || include.get().excludes(below.text());
        }

        private boolean mayIncludeBelow(EntryPath below) {
            return include.isEmpty() || include.get().mayMatchBelow(below.text());
        }
    }

    DirectoryWalk(FileTree tree, EntryPath top, Filter filter) {
        this.tree = tree;
        this.top = top;
        this.filter = filter;
    }

    List<SourceFile> files() throws IOException {
        walk(top);
        return found;
    }

    private void walk(EntryPath directory) throws IOException {
        for (FileTree.Child child : tree.list(directory)) {
            EntryPath path = directory.resolve(child.name());
            EntryPath below = path.relativeTo(top);
            boolean ignored = filter.ignore().excludes(path.text());
            boolean excluded = filter.exclude().excludes(below.text());
            boolean included = filter.includes(below);
            boolean taken = included && !ignored && !excluded;
            if (taken) {
                found.add(new SourceFile(below, path, child.status()));
            }
            // Each set of rules must let through what it hides: one without exceptions hides all below.
            boolean mayShow = (!ignored || filter.ignore().mayContainIncluded(path.text()))
                    && (!excluded || filter.exclude().mayContainIncluded(below.text()))
                    && (included || filter.mayIncludeBelow(below));
            if (child.status().isDirectory() && mayShow) {
                walkInto(new SourceFile(below, path, child.status(), excluded || !included), !taken);
            }
        }
    }

    private void walkInto(SourceFile directory, boolean hidden) throws IOException {
        int place = found.size();
        walk(directory.path());
        if (hidden && found.size() > place) {
            found.add(place, directory);
        }
    }
}
