package dev.jbuild.layer.image;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.store.BlobStore;
import dev.jbuild.layer.tar.Compression;
import dev.jbuild.layer.tar.LayerBlobWriter;
import dev.jbuild.layer.tar.WrittenLayer;
import dev.jbuild.oci.ContainerConfig;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.History;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.MediaTypes;
import dev.jbuild.oci.Platform;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts small images into a store: right ones, and ones with one claim changed. */
public final class TestImage {
    private final BlobStore store;
    final List<Descriptor> layers = new ArrayList<>();
    final List<Digest> diffIds = new ArrayList<>();
    final List<History> history = new ArrayList<>();

    public TestImage(BlobStore store) {
        this.store = store;
    }

    /** Two layers and an instruction without one. */
    static TestImage ofTwoLayers(BlobStore store) throws IOException {
        return new TestImage(store)
                .layer(files("etc/motd", "hello\n"), Compression.GZIP)
                .emptyStep("ENV A=b")
                .layer(files("bin/app", "x".repeat(3000)), Compression.ZSTD);
    }

    static LayerSource files(String... pathsAndContents) {
        return sink -> {
            for (int i = 0; i < pathsAndContents.length; i += 2) {
                byte[] content = pathsAndContents[i + 1].getBytes(StandardCharsets.UTF_8);
                LayerEntry entry = LayerEntry.file(EntryPath.of(pathsAndContents[i]), 0644, content.length);
                sink.put(entry, new ByteArrayInputStream(content));
            }
        };
    }

    public TestImage layer(LayerSource source, Compression compression) throws IOException {
        try (LayerBlobWriter writer = new LayerBlobWriter(1)) {
            WrittenLayer layer = writer.write(source, store, compression);
            layers.add(layer.descriptor());
            diffIds.add(layer.diffId());
            history.add(new History(Optional.empty(), "COPY", "", "", false));
            return this;
        }
    }

    TestImage emptyStep(String instruction) {
        history.add(new History(Optional.empty(), instruction, "", "", true));
        return this;
    }

    /** Stores config and manifest as the lists say by now. */
    public Descriptor put() throws IOException {
        ImageConfig config = new ImageConfig(
                Platform.parse("linux/amd64"), Optional.empty(), "", ContainerConfig.EMPTY, diffIds, history);
        Descriptor configBlob = store.put(MediaTypes.OCI_CONFIG, config.toBytes());
        Manifest manifest = Manifest.oci(configBlob, layers, Map.of());
        return store.put(MediaTypes.OCI_MANIFEST, manifest.toBytes());
    }
}
