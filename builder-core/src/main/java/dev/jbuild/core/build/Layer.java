package dev.jbuild.core.build;

import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerSink;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.layer.store.Store;
import dev.jbuild.layer.store.StoreLock;
import dev.jbuild.layer.tar.LayerBlobReader;
import dev.jbuild.layer.tar.WrittenLayer;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.GrowingBlob;
import dev.jbuild.oci.ImageName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A layer in up to three forms: a recipe (which files, from where), a tree (a directory that overlayfs stacks) and a blob
 * (compressed tar). Each is made when it is first asked for, from whichever form is there.
 */
final class Layer {
    private final LayerWorkshop workshop;
    private final List<Layer> below;
    private final String treeId;
    private final Optional<Recipe> recipe;
    private final Optional<BlobSource> remote;
    private final String image;
    private final String created;
    private final Made made;
    private final ReentrantLock treeLock = new ReentrantLock();
    private final ReentrantLock blobLock = new ReentrantLock();
    private final ReentrantLock madeLock = new ReentrantLock();
    private volatile Optional<WrittenLayer> written;
    private volatile Consumer<GrowingBlob> reader = _ -> {};
    private volatile Optional<Path> tree = Optional.empty();

    /** Hears that a tree or blob was made, so that the cache can name it. */
    @FunctionalInterface
    interface Made {
        void made(Layer layer) throws IOException;
    }

    /**
     * How a layer is made.
     *
     * @param earlier what an earlier build wrote that had this recipe
     */
    record Recipe(LayerSource entries, Optional<WrittenLayer> earlier) {}

    private Layer(
            LayerWorkshop workshop,
            List<Layer> below,
            String treeId,
            Optional<Recipe> recipe,
            Optional<WrittenLayer> written,
            Optional<BlobSource> remote,
            String image,
            String created,
            Made made) {
        this.workshop = workshop;
        this.below = List.copyOf(below);
        this.treeId = treeId;
        this.recipe = recipe;
        this.written = written;
        this.remote = remote;
        this.image = image;
        this.created = created;
        this.made = made;
    }

    /** A layer of an image, which may still be where the image is. */
    static Layer ofImage(
            LayerWorkshop workshop,
            List<Layer> below,
            String treeId,
            WrittenLayer written,
            BlobSource remote,
            ImageName image) {
        return new Layer(
                workshop,
                below,
                treeId,
                Optional.empty(),
                Optional.of(written),
                Optional.of(remote),
                image.familiar(),
                "",
                layer -> {});
    }

    /** A layer whose tree lies in the store, or its blob does, or both. */
    static Layer ofTree(
            LayerWorkshop workshop,
            List<Layer> below,
            String treeId,
            Optional<WrittenLayer> written,
            String created,
            Made made) {
        return new Layer(workshop, below, treeId, Optional.empty(), written, Optional.empty(), "", created, made);
    }

    /** A layer that is so far only a recipe. */
    static Layer ofRecipe(
            LayerWorkshop workshop, List<Layer> below, String treeId, Recipe recipe, String created, Made made) {
        return new Layer(
                workshop, below, treeId, Optional.of(recipe), Optional.empty(), Optional.empty(), "", created, made);
    }

    /** When the step that made it ran, RFC 3339; empty for the layers of an image. */
    String created() {
        return created;
    }

    String treeId() {
        return treeId;
    }

    /** The blob's names, when they are known without making it. */
    Optional<WrittenLayer> written() {
        return written;
    }

    /** Where the blob can be had when the store lacks it. */
    Optional<BlobSource> remote() {
        return remote;
    }

    /** Whether it can still be had in some form without running its step again. */
    boolean isAvailable() throws IOException {
        Store store = workshop.store();
        return recipe.isPresent()
                || remote.isPresent()
                || store.trees().find(treeId).isPresent()
                || (written.isPresent() && store.blobs().has(written.get().descriptor()));
    }

    /** The entries, from the form that is at hand. */
    LayerSource entries() throws IOException {
        return entries(workshop.limits());
    }

    private LayerSource entries(LayerLimits limits) throws IOException {
        if (recipe.isPresent()) {
            return recipe.get().entries();
        }
        WrittenLayer layer = blob();
        LayerSource entries = new LayerBlobReader(workshop.store().blobs(), layer.descriptor(), layer.diffId(), limits);
        return image.isEmpty() ? entries : sink -> writeImages(entries, sink);
    }

    /** What is wrong with a layer of somebody's image is told with the image's name: a digest tells people nothing. */
    private void writeImages(LayerSource entries, LayerSink sink) throws IOException {
        try {
            entries.writeTo(sink);
        } catch (RefusedLayerException e) {
            throw e.of(image);
        }
    }

    /** The entries as {@link #blob} writes them, to be written in another form: what a tree has more than its layer is left out. */
    LayerSource entriesAgain(LayerLimits limits) throws IOException {
        Optional<Path> made = workshop.store().trees().find(treeId);
        return recipe.isEmpty() && remote.isEmpty() && made.isPresent()
                ? workshop.upperOf(made.get(), below)
                : entries(limits);
    }

    /** The directory form, in the store; made under a lock, for another process may want the same. */
    Path tree() throws IOException {
        treeLock.lock();
        try {
            if (!hasTree()) {
                tree = Optional.of(findOrMakeTree());
            }
            return tree.orElseThrow();
        } finally {
            treeLock.unlock();
        }
    }

    /** Whether its tree is made already; looked for in the store until it is found there, without waiting for who makes it. */
    boolean hasTree() throws IOException {
        if (tree.isEmpty()) {
            workshop.store().trees().find(treeId).ifPresent(found -> tree = Optional.of(found));
        }
        return tree.isPresent();
    }

    /** Whether that is the digest of its blob, as far as its blob is known. */
    boolean isBlob(Digest digest) {
        return written.filter(layer -> layer.descriptor().digest().equals(digest))
                .isPresent();
    }

    /** What the blob that is about to be written will likely be; that the store has one of an earlier build says that this is another. */
    Optional<WrittenLayer> expected() throws IOException {
        Optional<WrittenLayer> earlier = recipe.flatMap(Recipe::earlier);
        return earlier.isPresent() && workshop.store().blobs().has(earlier.get().descriptor())
                ? Optional.empty()
                : earlier;
    }

    /** Lets somebody read the blob while it is written, whoever asks for it first; nobody hears of one that is there. */
    void whileWritten(Consumer<GrowingBlob> then) {
        reader = then;
    }

    /** The blob form, in the store. */
    WrittenLayer blob() throws IOException {
        blobLock.lock();
        try {
            Store store = workshop.store();
            if (written.isPresent() && store.blobs().has(written.get().descriptor())) {
                return written.get();
            }
            if (written.isPresent() && remote.isPresent()) {
                workshop.fetch(written.get().descriptor(), remote.get());
                return written.get();
            }
            written = Optional.of(writeBlob());
            tell();
            return written.get();
        } finally {
            blobLock.unlock();
        }
    }

    private WrittenLayer writeBlob() throws IOException {
        if (recipe.isEmpty()) {
            return workshop.writeBlob(workshop.upperOf(existingTree(), below), reader);
        }
        LayerSource entries = recipe.get().entries();
        Optional<WrittenLayer> earlier = recipe.get().earlier();
        return earlier.isPresent()
                ? workshop.writeBlob(entries, earlier.get(), reader)
                : workshop.writeBlob(entries, reader);
    }

    /** One after the other: of tree and blob, which may be made at the same time, the later to tell knows both. */
    private void tell() throws IOException {
        madeLock.lock();
        try {
            made.made(this);
        } finally {
            madeLock.unlock();
        }
    }

    /** A layer that has no blob and no recipe has a tree, or it is lost. */
    private Path existingTree() throws IOException {
        return workshop.store()
                .trees()
                .find(treeId)
                .orElseThrow(
                        () -> new IOException("layer " + treeId + " is gone from the store; build with --no-cache"));
    }

    private Path findOrMakeTree() throws IOException {
        try (StoreLock _ = workshop.store().lock("tree " + treeId)) {
            Optional<Path> meanwhile = workshop.store().trees().find(treeId);
            return meanwhile.isPresent() ? meanwhile.get() : makeTree();
        }
    }

    private Path makeTree() throws IOException {
        if (recipe.isEmpty()) {
            // Fetched before it has a slot: those who only write must not wait for the network.
            blob();
        }
        Path published = workshop.makeTree(treeId, this::entries, below);
        tell();
        return published;
    }
}
