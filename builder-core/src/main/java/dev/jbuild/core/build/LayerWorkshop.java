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
import dev.jbuild.oci.BlobSource;
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
 * @param slots of all layers that are fetched or unpacked at the same time
 * @param notes hears what of a layer could not be kept on this machine
 */
record LayerWorkshop(
        Store store,
        Linux linux,
        LayerBlobWriter blobWriter,
        LayerLimits limits,
        LayerMemory memory,
        LayerSlots slots,
        Consumer<String> notes) {
    /** Fetches a blob unless the store has it. */
    void fetch(Descriptor blob, BlobSource from) throws IOException {
        slots.fetching(() -> {
            store.blobs().accept(blob, from);
            return blob;
        });
    }

    /** @param reader gets the blob to read it while it is written */
    WrittenLayer writeBlob(LayerSource source, Consumer<GrowingBlob> reader) throws IOException {
        return blobWriter.write(source, store.blobs(), Compression.GZIP, reader);
    }

    /**
     * As {@link #writeBlob(LayerSource, Consumer)}, of a layer that was likely written before.
     *
     * @param reader gets the blob unless it is the earlier one
     */
    WrittenLayer writeBlob(LayerSource source, WrittenLayer earlier, Consumer<GrowingBlob> reader) throws IOException {
        return blobWriter.writeAgain(source, earlier, store.blobs(), Compression.GZIP, reader);
    }

    WrittenLayer writeBlob(LayerSource source, Compression compression) throws IOException {
        return blobWriter.write(source, store.blobs(), compression);
    }

    /** Fills an empty directory with a layer's entries; what lies below settles implicit parents and links. */
    void fillTree(LayerSource source, Path directory, List<Layer> below) throws IOException {
        List<String> lost =
                slots.writing(() -> below.isEmpty() ? write(source, directory) : write(source, directory, below));
        lost.forEach(notes);
    }

    private List<String> write(LayerSource source, Path directory) throws IOException {
        try (LayerMemory.Share share = memory.begin(() -> {})) {
            return write(source, directory, Optional.empty(), share);
        }
    }

    private List<String> write(LayerSource source, Path directory, List<Layer> below) throws IOException {
        try (LowerTree lower = new LowerTree(() -> slots.waiting(() -> StackedTree.open(linux, topmostFirst(below))));
                LayerMemory.Share share = memory.begin(lower::await)) {
            return write(source, directory, Optional.of(lower), share);
        }
    }

    /** Gives what could not be kept. */
    private List<String> write(LayerSource source, Path directory, Optional<LowerTree> lower, LayerMemory.Share share)
            throws IOException {
        try (TreeWriter writer = TreeWriter.over(lower, linux, directory, limits, share)) {
            source.writeTo(writer);
            writer.finish();
            return writer.notes();
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
