package dev.jbuild.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.MediaTypes;
import dev.jbuild.oci.NoSuchBlobException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client against Debian's docker-registry. */
@Tag("peer")
class DebianRegistryTest {
    @TempDir
    private Path folder;

    private final MemoryBlobs blobs = new MemoryBlobs();
    private DebianRegistry registry;
    private RegistryClient client;

    @BeforeEach
    void start() throws IOException {
        registry = DebianRegistry.start(folder);
        client = new RegistryClient(RegistryOptions.defaults(), Credentials.NONE);
    }

    @AfterEach
    void stop() {
        client.close();
        registry.close();
    }

    private Repository repository(String path) {
        return client.repository(ImageName.parse(registry.host() + "/" + path));
    }

    private Manifest image(Repository repository, Descriptor layer) throws IOException {
        Descriptor config = blobs.add("{}".getBytes(StandardCharsets.UTF_8));
        repository.upload(config, blobs);
        repository.upload(layer, blobs);
        Descriptor configAsSuch = new Descriptor(MediaTypes.OCI_CONFIG, config.digest(), config.size());
        return Manifest.oci(configAsSuch, List.of(layer), Map.of());
    }

    private static byte[] read(Repository repository, Descriptor blob) throws IOException {
        try (InputStream in = repository.open(blob)) {
            return in.readAllBytes();
        }
    }

    @Test
    void anUploadedBlobComesBackAsItWas() throws IOException {
        Repository repository = repository("team/app");
        Descriptor blob = blobs.addRandom(3_000_000);

        assertThat(repository.has(blob)).isFalse();
        repository.upload(blob, blobs);

        assertThat(repository.has(blob)).isTrue();
        assertThat(read(repository, blob)).isEqualTo(blobs.bytes(blob));
    }

    @Test
    void anEmptyBlobIsABlob() throws IOException {
        Repository repository = repository("app");
        Descriptor blob = blobs.add(new byte[0]);

        repository.upload(blob, blobs);

        assertThat(read(repository, blob)).isEmpty();
    }

    @Test
    void aBlobThatIsThereIsNotReadAgain() throws IOException {
        Repository repository = repository("app");
        Descriptor blob = blobs.addRandom(1000);

        repository.upload(blob, blobs);
        repository.upload(blob, blobs);

        assertThat(blobs.opened()).isEqualTo(1);
    }

    @Test
    void aBlobInChunksComesBackAsItWas() throws IOException {
        RegistryOptions chunked =
                RegistryOptions.defaults().withLimits(HttpLimits.defaults().withUploadChunk(300_000));
        try (RegistryClient chunking = new RegistryClient(chunked, Credentials.NONE)) {
            Repository repository = chunking.repository(ImageName.parse(registry.host() + "/app"));
            Descriptor blob = blobs.addRandom(1_000_001);

            repository.upload(blob, blobs);

            assertThat(read(repository, blob)).isEqualTo(blobs.bytes(blob));
        }
    }

    @Test
    void aBlobOfAnotherRepositoryIsMountedWithoutBeingRead() throws IOException {
        Descriptor blob = blobs.addRandom(1000);
        repository("base").upload(blob, blobs);

        assertThat(repository("app").mount(blob, "base")).isTrue();

        assertThat(repository("app").has(blob)).isTrue();
        assertThat(blobs.opened()).isEqualTo(1);
    }

    @Test
    void aBlobThatNoRepositoryHasIsNotMounted() throws IOException {
        Descriptor blob = blobs.addRandom(1000);

        assertThat(repository("app").mount(blob, "base")).isFalse();
        repository("app").upload(blob, blobs, List.of("base", "other"));

        assertThat(repository("app").has(blob)).isTrue();
    }

    @Test
    void aManifestIsFoundByTagAndByDigest() throws IOException {
        Repository repository = repository("app");
        byte[] document = image(repository, blobs.addRandom(1000)).toBytes();

        Descriptor stored = repository.putManifest("v1", MediaTypes.OCI_MANIFEST, document);

        assertThat(stored).isEqualTo(Descriptor.of(MediaTypes.OCI_MANIFEST, document));
        assertThat(repository.head("v1")).contains(stored);
        assertThat(repository.head(stored.digest().toString())).contains(stored);
        assertThat(repository.manifest("v1").bytes()).isEqualTo(document);
        assertThat(repository.manifest(stored.digest().toString()).descriptor()).isEqualTo(stored);
    }

    @Test
    void whatIsNotThereIsSaidToBeNotThere() throws IOException {
        Repository repository = repository("app");

        assertThat(repository.head("v1")).isEmpty();
        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(() -> repository.manifest("v1"))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.NOT_FOUND))
                .satisfies(e -> assertThat(e.code()).contains("MANIFEST_UNKNOWN"))
                .withMessageContaining("GET http://" + registry.host() + "/v2/app/manifests/v1");
        assertThatExceptionOfType(NoSuchBlobException.class).isThrownBy(() -> repository.open(blobs.addRandom(10)));
    }

    @Test
    void aManifestWhoseLayerIsMissingIsRejectedWithTheRegistrysReason() {
        Repository repository = repository("app");
        Descriptor config = new Descriptor(MediaTypes.OCI_CONFIG, Digest.of(new byte[1]), 1);
        byte[] document = Manifest.oci(config, List.of(), Map.of()).toBytes();

        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(() -> repository.putManifest("v1", MediaTypes.OCI_MANIFEST, document))
                .satisfies(e -> assertThat(e.code()).contains("MANIFEST_BLOB_UNKNOWN"));
    }

    @Test
    void manyBlobsGoUpAtOnce() throws IOException, InterruptedException, ExecutionException {
        Repository repository = repository("app");
        List<Descriptor> many = IntStream.range(0, 60)
                .mapToObj(i -> blobs.addRandom(50_000 + i))
                .toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> uploads = many.stream()
                    .<Future<?>>map(blob -> threads.submit(() -> {
                        repository.upload(blob, blobs);
                        return blob;
                    }))
                    .toList();
            for (Future<?> upload : uploads) {
                upload.get();
            }
        }
        for (Descriptor blob : many) {
            assertThat(repository.has(blob)).isTrue();
        }
    }

    /** More uploads than connections, each reading from the registry that it writes to. */
    @Test
    void manyBlobsAreCopiedWithinOneRegistryWithoutWaitingForEachOther()
            throws IOException, InterruptedException, ExecutionException {
        Repository from = repository("from");
        Repository to = repository("to");
        List<Descriptor> many = IntStream.range(0, 30)
                .mapToObj(i -> blobs.addRandom(200_000 + i))
                .toList();
        for (Descriptor blob : many) {
            from.upload(blob, blobs);
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> copies = many.stream()
                    .<Future<?>>map(blob -> threads.submit(() -> {
                        to.accept(blob, from);
                        return blob;
                    }))
                    .toList();
            for (Future<?> copy : copies) {
                copy.get();
            }
        }
        assertThat(read(to, many.getLast())).isEqualTo(blobs.bytes(many.getLast()));
    }
}
