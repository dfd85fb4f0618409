package dev.jbuild.core.build;

import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerMemory;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.store.Store;
import dev.jbuild.layer.tar.Compression;
import dev.jbuild.layer.tar.LayerBlobWriter;
import dev.jbuild.layer.tar.WrittenLayer;
import dev.jbuild.layer.tree.LowerTree;
import dev.jbuild.layer.tree.StackedTree;
import dev.jbuild.layer.tree.TreeWriter;
import dev.jbuild.layer.tree.UpperTree;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.GrowingBlob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Turns one form of a layer into another.
 *
 * @param memory of all layers that are unpacked at the same time
 * @param notes hears what of a layer could not be kept on this machine
 */
record LayerWorkshop(
        Store store,
        Linux linux,
        LayerBlobWriter blobWriter,
        LayerLimits limits,
        LayerMemory memory,
        Consumer<String> notes) {
    /** @param reader gets the blob to read it while it is written */
    WrittenLayer writeBlob(LayerSource source, Consumer<GrowingBlob> reader) throws IOException {
        return blobWriter.write(source, store.blobs(), Compression.GZIP, reader);
    }

    /** Whether the store has the blob that {@link #writeBlob(LayerSource, Consumer)} would write. */
    boolean isWrittenAs(LayerSource source, Descriptor blob) throws IOException {
        return blob.mediaType().equals(Compression.GZIP.mediaType())
                && blobWriter.isWrittenAs(source, blob, store.blobs(), Compression.GZIP);
    }

    WrittenLayer writeBlob(LayerSource source, Compression compression) throws IOException {
        return blobWriter.write(source, store.blobs(), compression);
    }

    /** Fills an empty directory with a layer's entries; what lies below settles implicit parents and links. */
    void fillTree(LayerSource source, Path directory, List<Layer> below) throws IOException {
        if (below.isEmpty()) {
            try (LayerMemory.Share share = memory.begin(() -> {})) {
                fillTree(source, directory, Optional.empty(), share);
            }
            return;
        }
        try (LowerTree lower = new LowerTree(() -> StackedTree.open(linux, topmostFirst(below)));
                LayerMemory.Share share = memory.begin(lower::await)) {
            fillTree(source, directory, Optional.of(lower), share);
        }
    }

    private void fillTree(LayerSource source, Path directory, Optional<LowerTree> lower, LayerMemory.Share share)
            throws IOException {
        try (TreeWriter writer = TreeWriter.over(lower, linux, directory, limits, share)) {
            source.writeTo(writer);
            writer.finish();
            writer.notes().forEach(notes);
        }
    }

    /** The merged view of layers, lowest first. */
    StackedTree stack(List<Layer> layers) throws IOException {
        return StackedTree.open(linux, trees(layers));
    }

    /** Layers, lowest first, as directories, topmost first, as overlayfs stacks them; made where they are missing. */
    static List<Path> trees(List<Layer> layers) throws IOException {
        TreesAhead.make(layers);
        return topmostFirst(layers);
    }

    private static List<Path> topmostFirst(List<Layer> layers) throws IOException {
        List<Path> trees = new ArrayList<>();
        for (Layer layer : layers) {
            trees.addFirst(layer.tree());
        }
        return trees;
    }

    /** The entries of a tree, as a layer: only what differs from the layers below it. */
    LayerSource upperOf(Path tree, List<Layer> below) {
        return sink -> {
            if (below.isEmpty()) {
                new UpperTree(linux, tree, Optional.empty()).writeTo(sink);
                return;
            }
            try (StackedTree lower = stack(below)) {
                new UpperTree(linux, tree, Optional.of(lower)).writeTo(sink);
            }
        };
    }
}
