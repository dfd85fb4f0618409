package dev.jbuild.core.build;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.tree.FileTree;
import java.io.IOException;
import java.util.Optional;
import java.util.TreeSet;

/** A filesystem that lies on disk: everything is known. */
final class TreeRoot implements TargetRoot {
    private final FileTree tree;

    /** The topmost directories that are made because they are not there: nothing is below them, and thousands of files may be copied there. */
    private final TreeSet<EntryPath> missing = new TreeSet<>();

    TreeRoot(FileTree tree) {
        this.tree = tree;
    }

    @Override
    public Optional<LayerEntry> find(EntryPath path) throws IOException {
        return isMissing(path) ? Optional.empty() : TreeEntries.entry(tree, path, path);
    }

    /** Nothing comes in order between a directory and what it holds. */
    private boolean isMissing(EntryPath path) {
        EntryPath before = missing.floor(path);
        return before != null && path.startsWith(before);
    }

    @Override
    public void beforeMaking(LayerEntry directory) {
        if (!isMissing(directory.path())) {
            missing.add(directory.path());
        }
    }

    @Override
    public void beforeNaming(EntryPath destination, Bytes source) {}
}
