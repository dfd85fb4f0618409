package dev.jbuild.core.build;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.layer.store.PreparedTree;
import dev.jbuild.layer.store.Store;
import dev.jbuild.layer.tar.LayerBlobReader;
import dev.jbuild.layer.tree.StackedTree;
import dev.jbuild.layer.tree.TreeComparison;
import dev.jbuild.layer.tree.TreeWriter;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Holds the trees of the store against the blobs that they are another form of. A tree has no digest: computing one would cost
 * each RUN a walk through what it has written. But what a layer's blob, which has one, unpacks to must be in that layer's tree.
 *
 * <p>Only trees of images whose layers are here can be checked so, images that builds start from among them. What a RUN has written
 * that was never exported is in no blob.
 */
public final class TreeCheck {
    private final Store store;
    private final Linux linux;
    private final LayerLimits limits;
    private final Set<String> checked = new HashSet<>();
    private final List<String> problems = new ArrayList<>();

    private TreeCheck(Store store, Linux linux, LayerLimits limits) {
        this.store = store;
        this.linux = linux;
        this.limits = limits;
    }

    /** Removes trees that are not what their layers say, and tells of each in a sentence; a build makes them again. */
    public static List<String> problems(BuildTools tools) throws IOException {
        TreeCheck check = new TreeCheck(tools.store(), tools.linux(), tools.limits());
        for (List<StoredLayer> image : StoredLayer.ofImages(tools.store())) {
            check.checkImage(image);
        }
        return check.problems;
    }

    /** Unpacks the image's layers anew, from the lowest to the last whose tree has to be looked at. */
    private void checkImage(List<StoredLayer> layers) throws IOException {
        int count = layers.size();
        while (count > 0 && unchecked(layers.get(count - 1)).isEmpty()) {
            count--;
        }
        List<PreparedTree> made = new ArrayList<>();
        try {
            for (StoredLayer layer : layers.subList(0, count)) {
                List<Path> below = made.stream().map(PreparedTree::fs).toList();
                made.addFirst(store.trees().prepare());
                unpack(layer, below, made.getFirst().fs());
                for (String id : unchecked(layer)) {
                    checkTree(id, layer, made.getFirst().fs());
                }
            }
        } catch (RefusedLayerException e) {
            // That the image is not sound is for its own check to tell; its trees cannot be, above this layer.
            return;
        } finally {
            for (PreparedTree tree : made) {
                tree.close();
            }
        }
    }

    private List<String> unchecked(StoredLayer layer) throws IOException {
        List<String> ids = new ArrayList<>();
        for (String id : layer.treeIds()) {
            if (!checked.contains(id) && store.trees().look(id).isPresent()) {
                ids.add(id);
            }
        }
        return ids;
    }

    /** @param below what is unpacked already, topmost first */
    private void unpack(StoredLayer layer, List<Path> below, Path place) throws IOException {
        LayerBlobReader entries = new LayerBlobReader(store.blobs(), layer.blob(), layer.diffId(), limits);
        if (below.isEmpty()) {
            TreeWriter.unpack(linux, entries, place, Optional.empty(), limits);
            return;
        }
        try (StackedTree stack = StackedTree.open(linux, below)) {
            TreeWriter.unpack(linux, entries, place, Optional.of(stack), limits);
        }
    }

    private void checkTree(String id, StoredLayer layer, Path made) throws IOException {
        checked.add(id);
        Optional<Path> kept = store.trees().look(id);
        Optional<EntryPath> difference =
                kept.isPresent() ? TreeComparison.difference(linux, made, kept.get()) : Optional.empty();
        if (difference.isPresent()) {
            store.trees().discard(id);
            Digest blob = layer.blob().digest();
            problems.add("tree " + id + " is damaged: its " + difference.get() + " is not that of layer " + blob
                    + "; removed, a build makes it again");
        }
    }
}
