package dev.jbuild.core.build;

import dev.jbuild.layer.tree.StackedTree;
import java.io.Closeable;
import java.io.IOException;

/** A filesystem to copy into, open while its entries are looked up. */
record Target(TargetRoot root, Closeable opened) implements Closeable {
    static Target of(StackedTree tree) {
        return new Target(new TreeRoot(tree), tree);
    }

    static Target of(KnownRoot root) {
        return new Target(root, () -> {});
    }

    @Override
    public void close() throws IOException {
        opened.close();
    }
}
