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
            boolean hidden = ignore.excludes(path.text())
                    || exclude.excludes(path.relativeTo(top).text());
            SourceFile file = new SourceFile(path.relativeTo(top), path, child.status());
            if (!hidden) {
                found.add(file);
            }
            if (child.status().isDirectory() && (!hidden || mayShowBelow(path))) {
                walkInto(file, hidden);
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

    private boolean mayShowBelow(EntryPath directory) {
        return ignore.mayContainIncluded(directory.text())
                && exclude.mayContainIncluded(directory.relativeTo(top).text());
    }
}
