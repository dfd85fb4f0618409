package dev.jbuild.core.build;

import dev.jbuild.layer.store.BlobStore;
import dev.jbuild.layer.store.Store;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.oci.Json;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.MediaTypes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A layer of an image in the store.
 *
 * @param treeIds what trees of it are called, if there are any: by the stack that it ends, and by the step that made it
 */
record StoredLayer(Descriptor blob, Digest diffId, Set<String> treeIds) {
    /** The layers of every image whose documents and layers are all in the store, lowest first. */
    static List<List<StoredLayer>> ofImages(Store store) throws IOException {
        Map<Digest, Set<String>> ofSteps = new StepRecords(store.records()).treesByLayer();
        List<List<StoredLayer>> images = new ArrayList<>();
        for (Descriptor document : store.blobs().documents()) {
            Optional<Manifest> manifest = manifest(store.blobs().read(document, Manifest.MAX_BYTES));
            if (manifest.isPresent() && isWhole(store.blobs(), manifest.get())) {
                byte[] config = store.blobs().read(manifest.get().config(), ImageConfig.MAX_BYTES);
                images.add(layers(manifest.get(), diffIds(config), ofSteps));
            }
        }
        return images;
    }

    private static boolean isWhole(BlobStore blobs, Manifest manifest) throws IOException {
        // What is no image may have anything for a config.
        boolean isWhole = manifest.config().size() <= ImageConfig.MAX_BYTES && blobs.has(manifest.config());
        for (Descriptor layer : manifest.layers()) {
            isWhole &= blobs.has(layer);
        }
        return isWhole;
    }

    /** As far as manifest and config agree: what is wrong with an image is for its own check to tell. */
    private static List<StoredLayer> layers(Manifest manifest, List<Digest> diffIds, Map<Digest, Set<String>> ofSteps) {
        List<StoredLayer> layers = new ArrayList<>();
        ChainId chain = ChainId.EMPTY;
        for (int i = 0; i < Math.min(manifest.layers().size(), diffIds.size()); i++) {
            Descriptor blob = manifest.layers().get(i);
            chain = chain.with(diffIds.get(i));
            Set<String> treeIds = new TreeSet<>(ofSteps.getOrDefault(blob.digest(), Set.of()));
            treeIds.add(chain.treeId());
            layers.add(new StoredLayer(blob, diffIds.get(i), treeIds));
        }
        return layers;
    }

    /** Empty for a document of another kind. */
    private static Optional<Manifest> manifest(byte[] document) {
        try {
            String type = Json.text(Json.parseObject(document, Manifest.MAX_BYTES, "a document"), "mediaType");
            return Optional.of(Manifest.parse(document, type.isEmpty() ? MediaTypes.OCI_MANIFEST : type, "a document"));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static List<Digest> diffIds(byte[] config) {
        try {
            return ImageConfig.parse(config, "a config").diffIds();
        } catch (IOException | IllegalArgumentException e) {
            return List.of();
        }
    }
}
