package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.tar.TarLayerWriter;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.ContainerConfig;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.History;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.MediaTypes;
import dev.jbuild.oci.Platform;
import dev.jbuild.registry.Credentials;
import dev.jbuild.registry.DebianRegistry;
import dev.jbuild.registry.RegistryClient;
import dev.jbuild.registry.RegistryOptions;
import dev.jbuild.registry.Repository;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An image is pulled from a real registry, the registry loses all it has, and the image is pushed again: every document and blob is what
 * it was, whatever form its layers have.
 */
@Tag("peer")
final class PulledAndPushedAgainTest {
    private static final String LINE = "some content that shrinks\n";

    @TempDir
    private Path folder;

    private final Map<Digest, byte[]> blobs = new HashMap<>();
    private final List<Descriptor> layers = new ArrayList<>();
    private final List<Digest> diffIds = new ArrayList<>();
    private DebianRegistry registry;
    private RegistryClient client;
    private ImageName name;

    @BeforeEach
    void start() throws IOException {
        registry = DebianRegistry.start(Files.createDirectory(folder.resolve("registry")));
        client = new RegistryClient(RegistryOptions.defaults(), Credentials.NONE);
        name = ImageName.parse(registry.host() + "/app:1");
    }

    @AfterEach
    void stop() {
        if (registry != null) {
            client.close();
            registry.close();
        }
    }

    @Test
    void anOciImageKeepsItsDigestWhateverItsLayersAreCompressedWith() throws Exception {
        addLayer(MediaTypes.OCI_LAYER, tar -> tar);
        addLayer(MediaTypes.OCI_LAYER_GZIP, PulledAndPushedAgainTest::gzip);
        addLayer(MediaTypes.OCI_LAYER_GZIP, tar -> inTwo(tar, PulledAndPushedAgainTest::gzip));
        addLayer(MediaTypes.OCI_LAYER_ZSTD, Zstd::compress);
        addLayer(MediaTypes.OCI_LAYER_ZSTD, tar -> inTwo(tar, Zstd::compress));

        requireTheSameAgain(MediaTypes.OCI_MANIFEST, MediaTypes.OCI_CONFIG);
    }

    @Test
    void aDockerImageKeepsItsDigestToo() throws Exception {
        addLayer(MediaTypes.DOCKER_LAYER, tar -> tar);
        addLayer(MediaTypes.DOCKER_LAYER_GZIP, PulledAndPushedAgainTest::gzip);
        addLayer(MediaTypes.DOCKER_LAYER_GZIP, tar -> inTwo(tar, PulledAndPushedAgainTest::gzip));

        requireTheSameAgain(MediaTypes.DOCKER_MANIFEST, MediaTypes.DOCKER_CONFIG);
    }

    private void requireTheSameAgain(String manifestType, String configType) throws IOException {
        byte[] document = putImage(manifestType, configType);
        run("pull", name.toString());
        assertThat(run("image", "validate", name.toString())).isEqualTo(name + ": valid\n");
        forgetAll();
        assertThat(repository().head("1")).isEmpty();

        run("push", name.toString());

        assertThat(repository().manifest("1").descriptor()).isEqualTo(Descriptor.of(manifestType, document));
        assertThat(repository().manifest("1").bytes()).isEqualTo(document);
        for (Descriptor layer : layers) {
            try (InputStream in = repository().open(layer)) {
                assertThat(in.readAllBytes()).as(layer.mediaType()).isEqualTo(blobs.get(layer.digest()));
            }
        }
    }

    /** Puts the image into the registry, its documents spaced and ordered in a way that nobody would make up again. */
    private byte[] putImage(String manifestType, String configType) throws IOException {
        List<History> history = layers.stream()
                .map(_ -> new History(Optional.empty(), "COPY", "", "", false))
                .toList();
        ImageConfig config = new ImageConfig(
                Platform.parse("linux/amd64"), Optional.empty(), "", ContainerConfig.EMPTY, diffIds, history);
        Descriptor configBlob = add(configType, spaced(config.toBytes()));
        byte[] document = spaced(new Manifest(manifestType, configBlob, layers, Map.of()).toBytes());
        BlobSource source = blob -> new ByteArrayInputStream(blobs.get(blob.digest()));
        repository().upload(configBlob, source);
        for (Descriptor layer : layers) {
            repository().upload(layer, source);
        }
        repository().putManifest("1", manifestType, document);
        return document;
    }

    private static byte[] spaced(byte[] json) {
        String text = new String(json, StandardCharsets.UTF_8);
        return (" {\n\t" + text.substring(1) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private void addLayer(String mediaType, UnaryOperator<byte[]> compress) throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        TarLayerWriter writer = new TarLayerWriter(tar);
        byte[] content = (layers.size() + LINE.repeat(10_000)).getBytes(StandardCharsets.US_ASCII);
        EntryPath path = EntryPath.of("file-" + layers.size());
        writer.put(LayerEntry.file(path, 0644, content.length), new ByteArrayInputStream(content));
        writer.finish();
        diffIds.add(Digest.of(tar.toByteArray()));
        layers.add(add(mediaType, compress.apply(tar.toByteArray())));
    }

    private Descriptor add(String mediaType, byte[] content) {
        blobs.put(Digest.of(content), content);
        return Descriptor.of(mediaType, content);
    }

    private static byte[] inTwo(byte[] tar, UnaryOperator<byte[]> compress) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(compress.apply(Arrays.copyOf(tar, 1000)));
        both.writeBytes(compress.apply(Arrays.copyOfRange(tar, 1000, tar.length)));
        return both.toByteArray();
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(file)) {
            out.write(content);
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        return file.toByteArray();
    }

    /** The registry keeps nothing in memory: its folder is all it knows. */
    private void forgetAll() throws IOException {
        try (Stream<Path> kept = Files.walk(registry.storage())) {
            for (Path path : kept.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private Repository repository() {
        return client.repository(name);
    }

    private String run(String... words) {
        InProcessJbuild.Ended ended = new InProcessJbuild(folder.resolve("store")).command(folder, words);
        assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.OK);
        return ended.out();
    }
}
