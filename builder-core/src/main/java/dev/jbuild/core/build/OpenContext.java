package dev.jbuild.core.build;

import dev.jbuild.layer.store.FileDigestIndex;
import dev.jbuild.layer.tree.FileTree;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * A build context, open, with the Dockerfile and the ignore rules that came with it.
 *
 * @param index the digests of its files as far as they are known; empty where no later build sees the same files
 * @param unpacked what was made for this build alone
 */
record OpenContext(
        BuildDefinition definition,
        FileTree tree,
        Optional<FileDigestIndex> index,
        Optional<? extends Closeable> unpacked)
        implements Closeable {
    FileHasher hasher() {
        return new FileHasher(tree, index);
    }

    @Override
    public void close() throws IOException {
        try (tree) {
            if (index.isPresent()) {
                index.get().save();
            }
        } finally {
            if (unpacked.isPresent()) {
                unpacked.get().close();
            }
        }
    }
}
