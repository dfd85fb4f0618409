package dev.jbuild.layer.store;

import dev.jbuild.linux.Linux;
import dev.jbuild.oci.ContainerConfig;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.MediaTypes;
import dev.jbuild.oci.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A store that is opened for each thing that is done to it, as processes do. */
final class PrunableStore {
    static final ImageName APP = ImageName.parse("app");
    static final Digest KEY = Digest.of("key".getBytes(StandardCharsets.US_ASCII));

    final Path root;

    PrunableStore(Path root) {
        this.root = root;
    }

    @FunctionalInterface
    interface Use<T> {
        T of(Store store) throws IOException;
    }

    <T> T inOneStore(Use<T> use) throws IOException {
        try (Store store = Store.open(root, Linux.system())) {
            return use.of(store);
        }
    }

    Freed prune(boolean all) throws IOException {
        return prune(all ? PrunePolicy.all() : PrunePolicy.unused());
    }

    Freed prune(PrunePolicy policy) throws IOException {
        return inOneStore(store -> store.prune(policy));
    }

    static Path tree(Store store, String id) throws IOException {
        try (PreparedTree tree = store.trees().prepare()) {
            Files.writeString(tree.fs().resolve("file"), id);
            return store.trees().publish(id, tree);
        }
    }

    static Descriptor image(Store store, String content) throws IOException {
        Descriptor layer = store.blobs().put(MediaTypes.OCI_LAYER, content.getBytes(StandardCharsets.US_ASCII));
        ImageConfig config =
                ImageConfig.empty(Platform.parse("amd64")).withConfig(ContainerConfig.EMPTY.withEnv("A", content));
        Descriptor configBlob = store.blobs().put(MediaTypes.OCI_CONFIG, config.toBytes());
        byte[] manifest = Manifest.oci(configBlob, List.of(layer), Map.of()).toBytes();
        return store.blobs().put(MediaTypes.OCI_MANIFEST, manifest);
    }
}
