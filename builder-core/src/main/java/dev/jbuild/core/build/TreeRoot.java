package dev.jbuild.core.build;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.tree.FileTree;
import java.io.IOException;
import java.util.Optional;

/** A filesystem that lies on disk: everything is known. */
record TreeRoot(FileTree tree) implements TargetRoot {
    @Override
    public Optional<LayerEntry> find(EntryPath path) throws IOException {
        return TreeEntries.entry(tree, path, path);
    }

    @Override
    public void beforeMaking(LayerEntry directory) {
        // It was looked for and is not there.
    }

    @Override
    public void beforeNaming(EntryPath destination, Bytes source) {}
}
