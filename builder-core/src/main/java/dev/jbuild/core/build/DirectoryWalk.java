package dev.jbuild.core.build;

import dev.jbuild.dockerfile.IgnoreRules;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.tree.FileTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The contents of a directory that a copy takes, parents first. A directory that the rules hide is walked only where an
 * exception may bring back something in it, and counts only when it does.
 */
final class DirectoryWalk {
    private final FileTree tree;
    private final EntryPath top;
    private final IgnoreRules ignore;
    private final IgnoreRules exclude;
    private final List<SourceFile> found = new ArrayList<>();

    DirectoryWalk(FileTree tree, EntryPath top, IgnoreRules ignore, IgnoreRules exclude) {
        this.tree = tree;
        this.top = top;
        this.ignore = ignore;
        this.exclude = exclude;
    }

    List<SourceFile> files() throws IOException {
        walk(top);
        return found;
    }

    private void walk(EntryPath directory) throws IOException {
        for (FileTree.Child child : tree.list(directory)) {
            EntryPath path = directory.resolve(child.name());
            EntryPath below = path.relativeTo(top);
            boolean ignored = ignore.excludes(path.text());
            boolean excluded = exclude.excludes(below.text());
            SourceFile file = new SourceFile(below, path, child.status());
            if (!ignored && !excluded) {
                found.add(file);
            }
            // Each set of rules must let through what it hides: one without exceptions hides all below.
            boolean mayShow = (!ignored || ignore.mayContainIncluded(path.text()))
                    && (!excluded || exclude.mayContainIncluded(below.text()));
            if (child.status().isDirectory() && mayShow) {
                walkInto(file, ignored || excluded);
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
