package dev.jbuild.core.build;

import dev.jbuild.layer.LayerLimit;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerMemory;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.layer.store.PreparedTree;
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
    /** What every decoder should have (RFC 8878, 3.1.1.1.2); the programs that compress ask for more on demand only. */
    private static final long COMMON_WINDOW = 8L << 20;

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

    /** What reads a compressed stream, within limits, and takes what it must remember of the memory of layers. */
    @FunctionalInterface
    interface Reading<T> {
        T read(LayerLimits limits, LayerMemory.Share memory) throws IOException;
    }

    /** The entries of a layer that is read within limits. */
    @FunctionalInterface
    interface Entries {
        LayerSource within(LayerLimits limits) throws IOException;
    }

    /**
     * Reads beside others, as far as no large window is asked for: nearly no stream does. One that does is read again from its beginning,
     * as the only one. It could not wait for its turn in between, for others might wait for what it has by then.
     *
     * @param below what may have to be waited for before memory is
     */
    <T> T reading(LayerMemory.Below below, Reading<T> reading) throws IOException {
        long window = Math.min(COMMON_WINDOW, limits.maxZstdWindowBytes());
        try (LayerMemory.Share share = memory.begin(below)) {
            return reading.read(limits.with(LayerLimits.MAX_WINDOW, window), share);
        } catch (RefusedLayerException e) {
            // Another limit, or that of a layer below which was read alone already.
            boolean isForTrial = e.limit().equals(Optional.of(new LayerLimit(LayerLimits.MAX_WINDOW, COMMON_WINDOW)));
            if (!isForTrial || window == limits.maxZstdWindowBytes()) {
                throw e;
            }
        }
        try (LayerMemory.Share share = memory.begin(below)) {
            share.holdAlone();
            return reading.read(limits, share);
        }
    }

    /** Makes a tree of the store; what lies below settles implicit parents and links. */
    Path makeTree(String id, Entries entries, List<Layer> below) throws IOException {
        return over(
                below,
                lower -> reading(await(lower), (within, share) -> {
                    LayerSource source = entries.within(within);
                    try (PreparedTree prepared = store.trees().prepare()) {
                        fill(prepared.fs(), source, lower, share);
                        return store.trees().publish(id, prepared);
                    }
                }));
    }

    /** Fills an empty directory as the tree of a layer that comes from no compressed stream. */
    void fillTree(LayerSource source, Path directory, List<Layer> below) throws IOException {
        over(below, lower -> {
            try (LayerMemory.Share share = memory.begin(await(lower))) {
                fill(directory, source, lower, share);
            }
            return directory;
        });
    }

    /** What is written over the layers below it, which may be in the making. */
    @FunctionalInterface
    private interface Writing<T> {
        T write(Optional<LowerTree> lower) throws IOException;
    }

    private <T> T over(List<Layer> below, Writing<T> writing) throws IOException {
        return slots.writing(() -> {
            if (below.isEmpty()) {
                return writing.write(Optional.empty());
            }
            try (LowerTree lower =
                    new LowerTree(() -> slots.waiting(() -> StackedTree.open(linux, topmostFirst(below))))) {
                return writing.write(Optional.of(lower));
            }
        });
    }

    private static LayerMemory.Below await(Optional<LowerTree> lower) {
        return () -> {
            if (lower.isPresent()) {
                lower.get().await();
            }
        };
    }

    private void fill(Path directory, LayerSource source, Optional<LowerTree> lower, LayerMemory.Share share)
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
