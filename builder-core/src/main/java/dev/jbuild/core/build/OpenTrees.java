package dev.jbuild.core.build;

import dev.jbuild.layer.tree.StackedTree;
import dev.jbuild.oci.Digest;
import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The filesystems that copies take files from, each opened once and kept open until the build is over: a copy's layer reads
 * its files only when it is written somewhere.
 */
final class OpenTrees implements Closeable {
    private final LayerWorkshop workshop;
    private final Map<Digest, StackedTree> trees = new HashMap<>();

    OpenTrees(LayerWorkshop workshop) {
        this.workshop = workshop;
    }

    synchronized StackedTree of(Snapshot snapshot) throws IOException {
        Digest key = snapshot.key().digest();
        StackedTree known = trees.get(key);
        if (known != null) {
            return known;
        }
        StackedTree opened = workshop.stack(snapshot.layers());
        trees.put(key, opened);
        return opened;
    }

    @Override
    public synchronized void close() {
        trees.values().forEach(StackedTree::close);
        trees.clear();
    }
}
