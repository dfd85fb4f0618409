package dev.jbuild.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.MediaTypes;
import dev.jbuild.registry.FakeServer.Reply;
import dev.jbuild.registry.FakeServer.Seen;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Uploads to a registry of ours that loses sessions, answers and patience. */
class BlobUploadTest {
    private static final String UPLOADS = "/v2/app/blobs/uploads/";

    private final MemoryBlobs blobs = new MemoryBlobs();
    private final Descriptor blob = blobs.addRandom(1000);
    private final ByteArrayOutputStream stored = new ByteArrayOutputStream();
    private final AtomicBoolean whole = new AtomicBoolean();
    private final AtomicInteger sessions = new AtomicInteger();
    private FakeServer registry;

    @BeforeEach
    void start() throws IOException {
        registry = new FakeServer();
        registry.on(
                "HEAD",
                "/v2/app/blobs/*",
                request -> Reply.of(whole.get() ? 200 : 404).with("Content-Length", Integer.toString(stored.size())));
        registry.on("POST", UPLOADS, request -> {
            stored.reset();
            return Reply.of(202).with("Location", "/up/" + sessions.incrementAndGet());
        });
        registry.on("PATCH", "/up/*", request -> {
            stored.write(request.body());
            return status(202, request);
        });
        registry.on("GET", "/up/*", request -> status(204, request));
        registry.on("PUT", "/up/*", request -> {
            stored.write(request.body());
            whole.set(true);
            return Reply.of(201);
        });
    }

    private Reply status(int code, Seen request) {
        return Reply.of(code)
                .with("Location", request.path() + "?n=" + stored.size())
                .with("Range", "0-" + Math.max(stored.size() - 1, 0));
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private void upload(RegistryOptions options) throws IOException {
        try (Client client = new Client(options, Credentials.NONE)) {
            client.app(registry.host()).upload(blob, blobs);
        }
    }

    private void upload() throws IOException {
        upload(RegistryOptions.defaults());
    }

    private static RegistryOptions chunked(long bytes) {
        return RegistryOptions.defaults().withLimits(HttpLimits.defaults().withUploadChunk(bytes));
    }

    private void assertStored() {
        assertThat(stored.toByteArray()).isEqualTo(blobs.bytes(blob));
    }

    @Test
    void aBlobGoesUpInOneRequest() throws IOException {
        upload();

        assertStored();
        assertThat(registry.log())
                .containsExactly(
                        "HEAD /v2/app/blobs/" + blob.digest(), "POST " + UPLOADS, "PUT /up/1?digest=" + blob.digest());
    }

    @Test
    void anAddressWithTwoSlashesIsKeptAsItIs() throws IOException {
        registry.on("POST", UPLOADS, Reply.of(202).with("Location", registry.url("//other/up?a=%2F#part")));
        registry.on("PUT", "*", Reply.of(201));

        upload();

        assertThat(registry.seen("PUT"))
                .singleElement()
                .satisfies(
                        request -> assertThat(request.target()).isEqualTo("//other/up?a=%2F&digest=" + blob.digest()));
    }

    @Test
    void aBlobThatIsThereIsNotSent() throws IOException {
        stored.write(blobs.bytes(blob));
        whole.set(true);

        upload();

        assertThat(registry.seen()).hasSize(1);
        assertThat(blobs.opened()).isZero();
    }

    @Test
    void aBlobThatIsThereInAnotherLengthIsSentAgain() throws IOException {
        whole.set(true);

        upload();

        assertStored();
    }

    @Test
    void chunksFollowEachOtherAtTheAddressesThatTheRegistryGives() throws IOException {
        upload(chunked(400));

        assertStored();
        assertThat(registry.log().subList(2, 6))
                .containsExactly(
                        "PATCH /up/1",
                        "PATCH /up/1?n=400",
                        "PATCH /up/1?n=800",
                        "PUT /up/1?n=1000&digest=" + blob.digest());
        assertThat(registry.seen("PATCH"))
                .extracting(request -> request.field("Content-range").orElse(""))
                .containsExactly("0-399", "400-799", "800-999");
    }

    @Test
    void aRegistryThatWantsLongerChunksGetsThem() throws IOException {
        registry.on("POST", UPLOADS, Reply.of(202).with("Location", "/up/1").with("OCI-Chunk-Min-Length", "600"));

        upload(chunked(400));

        assertStored();
        assertThat(registry.seen("PATCH")).hasSize(2);
    }

    @Test
    void anAnswerThatWasLostIsAskedForBeforeTheBlobIsSentAgain() throws IOException {
        registry.on("PUT", "/up/*", request -> {
            stored.write(request.body());
            whole.set(true);
            throw new IOException("the line breaks before the answer");
        });

        upload();

        assertThat(registry.seen("PUT")).hasSize(1);
        assertStored();
    }

    @Test
    void anUploadGoesOnWhereTheRegistryHasIt() throws IOException {
        registry.on("PUT", "/up/*", request -> {
            if (request.body().length > 0) {
                stored.write(request.body(), 0, 300);
                return Reply.of(502);
            }
            whole.set(true);
            return Reply.of(201);
        });

        upload();

        assertStored();
        assertThat(registry.seen("PATCH"))
                .singleElement()
                .satisfies(request -> assertThat(request.field("Content-range")).contains("300-999"));
    }

    @Test
    void aLostSessionIsBegunAnew() throws IOException {
        AtomicInteger puts = new AtomicInteger();
        registry.on("GET", "/up/*", Reply.of(404));
        registry.on("PUT", "/up/*", request -> {
            if (puts.incrementAndGet() == 1) {
                return Reply.json("{'errors':[{'code':'BLOB_UPLOAD_UNKNOWN'}]}").withStatus(404);
            }
            stored.write(request.body());
            return Reply.of(201);
        });

        upload();

        assertStored();
        assertThat(sessions).hasValue(2);
    }

    @Test
    void aChunkThatIsOutOfPlaceIsPutRight() throws IOException {
        AtomicInteger patches = new AtomicInteger();
        registry.on("PATCH", "/up/*", request -> {
            if (patches.incrementAndGet() == 2) {
                return Reply.of(416);
            }
            stored.write(request.body());
            return status(202, request);
        });

        upload(chunked(400));

        assertStored();
        assertThat(sessions).hasValue(1);
    }

    @Test
    void aRegistryThatFindsTheBlobTooLongGetsItInPieces() throws IOException {
        MemoryBlobs large = new MemoryBlobs();
        Descriptor five = large.addRandom(5 << 20);
        registry.on("PUT", "/up/*", request -> {
            stored.write(request.body());
            return Reply.of(request.body().length > 0 ? 413 : 201);
        });
        registry.on("GET", "/up/*", Reply.of(404));
        registry.on("PATCH", "/up/*", request -> {
            if (request.body().length > 2 << 20) {
                return Reply.of(413);
            }
            stored.write(request.body());
            return status(202, request);
        });

        try (Client client = new Client()) {
            client.app(registry.host()).upload(five, large);
        }
        assertThat(stored.toByteArray()).isEqualTo(large.bytes(five));
    }

    @Test
    void aRegistryThatFindsEverythingTooLongIsBelieved() {
        registry.on("PUT", "/up/*", Reply.of(413));
        registry.on("PATCH", "/up/*", Reply.of(413));

        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(this::upload)
                .satisfies(e -> assertThat(e.status()).contains(413));
    }

    @Test
    void aRegistryThatNeverTakesItIsLeftInTheEnd() {
        registry.on("PUT", "/up/*", Reply.of(500));

        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(this::upload)
                .withMessageContaining("500")
                .withMessageContaining("after 6 attempts");
        assertThat(registry.seen("PUT")).hasSize(6);
    }

    @Test
    void aRefusalIsFinal() {
        registry.on(
                "PUT",
                "/up/*",
                Reply.json("{'errors':[{'code':'DIGEST_INVALID'}]}").withStatus(400));

        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(this::upload)
                .satisfies(e -> assertThat(e.code()).contains("DIGEST_INVALID"));
        assertThat(registry.seen("PUT")).hasSize(1);
    }

    @Test
    void aSourceThatFailsIsNotTheRegistrysFault() {
        try (Client client = new Client()) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> client.app(registry.host()).upload(blob, b -> {
                        throw new IOException("the disk is on fire");
                    }))
                    .withMessage("the disk is on fire");
        }
        assertThat(registry.seen("POST")).hasSize(1);
    }

    @Test
    void aSourceThatIsTooShortIsNotSentAsTheBlob() {
        try (Client client = new Client()) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> client.app(registry.host()).upload(blob, b -> InputStream.nullInputStream()))
                    .withMessageContaining("fewer than its 1000 bytes");
        }
        assertThat(whole).isFalse();
    }

    @Test
    void aMountSparesTheUpload() throws IOException {
        registry.on("POST", UPLOADS, Reply.of(201));

        try (Client client = new Client()) {
            client.app(registry.host()).upload(blob, blobs, List.of("base"));
        }
        assertThat(registry.log()).endsWith("POST " + UPLOADS + "?mount=" + blob.digest() + "&from=base");
        assertThat(blobs.opened()).isZero();
    }

    @Test
    void theSessionThatARegistryOpensInsteadOfAMountIsUsed() throws IOException {
        try (Client client = new Client()) {
            client.app(registry.host()).upload(blob, blobs, List.of("base"));
        }
        assertStored();
        assertThat(registry.seen("POST")).hasSize(1);
    }

    @Test
    void aMountThatIsNotAllowedIsFollowedByAnUpload() throws IOException {
        registry.on(
                "POST",
                UPLOADS,
                request -> request.target().contains("mount")
                        ? Reply.of(403)
                        : Reply.of(202).with("Location", "/up/1"));

        try (Client client = new Client()) {
            client.app(registry.host()).upload(blob, blobs, List.of("base"));
        }
        assertStored();
    }

    @Test
    void aMountThatDidNotHappenLeavesNoSessionBehind() throws IOException {
        try (Client client = new Client()) {
            assertThat(client.app(registry.host()).mount(blob, "base")).isFalse();
        }
        assertThat(registry.log()).endsWith("DELETE /up/1");
    }

    @Test
    void anAnswerWithoutALocationIsRefused() {
        registry.on("POST", UPLOADS, Reply.of(202));

        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(this::upload)
                .withMessageContaining("without a Location");
    }

    @Test
    void aManifestThatTheRegistryStoredUnderAnotherDigestIsRefused() {
        registry.on(
                "PUT",
                "/v2/app/manifests/*",
                Reply.of(201).with("Docker-Content-Digest", blob.digest().toString()));

        try (Client client = new Client()) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(registry.host())
                            .putManifest("v1", MediaTypes.OCI_MANIFEST, new byte[] {'{', '}'}))
                    .withMessageContaining("hashes to");
        }
    }
}
