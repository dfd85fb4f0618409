package dev.jbuild.layer.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.store.Store;
import dev.jbuild.layer.tar.TarLayerReader;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Index;
import dev.jbuild.oci.Json;
import dev.jbuild.oci.MediaTypes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageArchiveWriterTest {
    private static final List<ImageName> NAMES =
            List.of(ImageName.parse("app:1"), ImageName.parse("registry.example:5000/team/app:2"));

    @TempDir
    Path folder;

    private Store store;
    private Descriptor image;

    @BeforeEach
    void makeImage() throws Exception {
        store = Store.open(folder.resolve("store"), Linux.system());
        image = TestImage.ofTwoLayers(store.blobs()).put();
    }

    @AfterEach
    void closeStore() throws Exception {
        store.close();
    }

    @Test
    void ociArchiveIsALayoutWithEveryBlobUnderItsDigest() throws Exception {
        Map<String, byte[]> files = files(oci());

        assertThat(files).containsKeys("oci-layout", "index.json").hasSize(2 + 4);
        files.forEach((path, content) -> {
            if (path.startsWith("blobs/sha256/")) {
                assertThat(Digest.of(content).hex()).isEqualTo(path.substring(13));
            }
        });
        assertThat(new ArrayList<>(files.keySet())).isSorted();
    }

    @Test
    void indexNamesTheImageAsBuildKitDoes() throws Exception {
        byte[] document = Objects.requireNonNull(files(oci()).get("index.json"));
        Index index = Index.parse(document, MediaTypes.OCI_INDEX, "index.json");

        assertThat(index.entries())
                .extracting(entry -> entry.manifest().annotations())
                .containsExactly(
                        Map.of(
                                "io.containerd.image.name", "docker.io/library/app:1",
                                "org.opencontainers.image.ref.name", "1"),
                        Map.of(
                                "io.containerd.image.name", "registry.example:5000/team/app:2",
                                "org.opencontainers.image.ref.name", "2"));
    }

    @Test
    void dockerArchivePointsAtTheSameBlobs() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageArchiveWriter.writeDocker(out, store.blobs(), image, NAMES);
        Map<String, byte[]> files = files(out.toByteArray());
        byte[] document = Objects.requireNonNull(files.get("manifest.json"));
        var manifest = Json.parse(document, 10_000, "manifest.json").get(0);

        assertThat(Json.texts(manifest, "RepoTags")).containsExactly("app:1", "registry.example:5000/team/app:2");
        assertThat(files).containsKey(Json.text(manifest, "Config"));
        assertThat(Json.texts(manifest, "Layers"))
                .hasSize(2)
                .allSatisfy(layer -> assertThat(files).containsKey(layer));
    }

    @Test
    void dockerArchiveHoldsOnePlatform() throws Exception {
        Index index = Index.oci(List.of());
        Descriptor empty = store.blobs().put(MediaTypes.OCI_INDEX, index.toBytes());

        assertThatThrownBy(
                        () -> ImageArchiveWriter.writeDocker(new ByteArrayOutputStream(), store.blobs(), empty, NAMES))
                .hasMessageContaining("holds 0 platforms; a docker archive holds one");
    }

    @Test
    void namelessImageHasOneEntryWithoutAnnotations() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageArchiveWriter.writeOci(out, store.blobs(), image, List.of());
        byte[] document = Objects.requireNonNull(files(out.toByteArray()).get("index.json"));

        assertThat(Index.parse(document, MediaTypes.OCI_INDEX, "index.json").entries())
                .containsExactly(new Index.Entry(image, Optional.empty()));
    }

    @Test
    void sameImageGivesTheSameBytes() throws Exception {
        assertThat(oci()).isEqualTo(oci());
    }

    private byte[] oci() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageArchiveWriter.writeOci(out, store.blobs(), image, NAMES);
        return out.toByteArray();
    }

    private static Map<String, byte[]> files(byte[] tar) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        new TarLayerReader(new ByteArrayInputStream(tar), LayerLimits.defaults(), "the archive")
                .writeTo((entry, content) -> {
                    if (entry.type() == dev.jbuild.layer.LayerEntry.Type.FILE) {
                        files.put(entry.path().toString(), content.readAllBytes());
                    }
                });
        return files;
    }
}
