package dev.jbuild.core.build;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.tree.FileTree;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** A filesystem that lies on disk: everything is known. */
final class TreeRoot implements TargetRoot {
    private final FileTree tree;

    /** Directories that are made because they are not there: nothing is below them, and thousands of files may be copied there. */
    private final Set<EntryPath> missing = new HashSet<>();

    TreeRoot(FileTree tree) {
        this.tree = tree;
    }

    @Override
    public Optional<LayerEntry> find(EntryPath path) throws IOException {
        return isMissing(path) ? Optional.empty() : TreeEntries.entry(tree, path, path);
    }

    private boolean isMissing(EntryPath path) {
        for (EntryPath at = path; !missing.isEmpty() && !at.isRoot(); at = at.parent()) {
            if (missing.contains(at)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void beforeMaking(LayerEntry directory) {
        missing.add(directory.path());
    }

    @Override
    public void beforeNaming(EntryPath destination, Bytes source) {}
}
