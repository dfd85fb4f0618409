package dev.jbuild.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageName;
import dev.jbuild.registry.FakeServer.Reply;
import dev.jbuild.registry.FakeServer.Seen;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads of blobs that are not whole yet, in pieces of 400 bytes. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StreamedUploadTest {
    private static final String UPLOADS = "/v2/app/blobs/uploads/";
    private static final RegistryOptions PIECES =
            RegistryOptions.defaults().withLimits(HttpLimits.defaults().withUploadChunk(400));

    private final MemoryBlobs blobs = new MemoryBlobs();
    private final Descriptor blob = blobs.addRandom(1000);
    private final MemoryGrowingBlob growing = new MemoryGrowingBlob(blobs.bytes(blob), blob);
    private final ByteArrayOutputStream stored = new ByteArrayOutputStream();
    private final AtomicBoolean whole = new AtomicBoolean();
    private final CountDownLatch firstPiece = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private FakeServer registry;
    private Client client;

    @BeforeEach
    void start() throws IOException {
        registry = new FakeServer();
        client = new Client(PIECES, Credentials.NONE);
        registry.on(
                "HEAD",
                "/v2/app/blobs/*",
                request -> Reply.of(whole.get() ? 200 : 404).with("Content-Length", Integer.toString(stored.size())));
        registry.on("POST", UPLOADS, request -> {
            stored.reset();
            return Reply.of(202).with("Location", "/up/1");
        });
        registry.on("PATCH", "/up/*", this::keep);
        registry.on("PUT", "/up/*", request -> {
            stored.write(request.body());
            whole.set(true);
            return Reply.of(201);
        });
        registry.on("DELETE", "/up/*", Reply.of(204));
    }

    private Reply keep(Seen request) throws IOException {
        stored.write(request.body());
        firstPiece.countDown();
        return kept(request);
    }

    private Reply kept(Seen request) {
        return Reply.of(202)
                .with("Location", request.path() + "?n=" + stored.size())
                .with("Range", "0-" + (stored.size() - 1));
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        client.close();
        registry.close();
    }

    private Future<Boolean> stream() {
        return threads.submit(() -> client.app(registry.host()).stream(growing));
    }

    private void assertStored() {
        assertThat(stored.toByteArray()).isEqualTo(blobs.bytes(blob));
    }

    @Test
    void aBlobIsOnItsWayBeforeItIsWhole() throws Exception {
        Future<Boolean> sent = stream();
        growing.grownTo(450);
        firstPiece.await();
        assertThat(registry.seen("PUT")).isEmpty();
        growing.finished();

        assertThat(sent.get()).isTrue();
        assertStored();
        assertThat(registry.log())
                .containsExactly(
                        "POST " + UPLOADS,
                        "PATCH /up/1",
                        "HEAD /v2/app/blobs/" + blob.digest(),
                        "PATCH /up/1?n=400",
                        "PATCH /up/1?n=800",
                        "PUT /up/1?n=1000&digest=" + blob.digest());
        assertThat(registry.seen("PATCH"))
                .extracting(request -> request.field("Content-range").orElse(""))
                .containsExactly("0-399", "400-799", "800-999");
    }

    @Test
    void aShortBlobIsLeftToTheUploadOfTheWhole() throws Exception {
        MemoryBlobs small = new MemoryBlobs();
        Descriptor few = small.addRandom(399);

        assertThat(client.app(registry.host()).stream(new MemoryGrowingBlob(small.bytes(few), few).finished()))
                .isFalse();
        assertThat(registry.seen()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 405, 413, 416, 500})
    void aRegistryThatWillNotHavePiecesGetsTheBlobWhole(int refusal) throws Exception {
        registry.on("PATCH", "/up/*", Reply.of(refusal));
        growing.grownTo(400);

        assertThat(stream().get()).isFalse();
        assertThat(registry.log()).endsWith("DELETE /up/1");

        growing.finished();
        try (Client whole = new Client()) {
            whole.app(registry.host()).upload(blob, blobs);
        }
        assertStored();
    }

    @Test
    void aRegistryThatDoesNotSayWhereToGoOnGetsTheBlobWhole() throws Exception {
        registry.on("PATCH", "/up/*", Reply.of(202));
        growing.grownTo(400);

        assertThat(stream().get()).isFalse();
        assertThat(registry.log()).endsWith("DELETE /up/1");
    }

    @Test
    void whatTheRegistryDidNotKeepOfAPieceIsSentAgain() throws Exception {
        AtomicBoolean first = new AtomicBoolean(true);
        registry.on("PATCH", "/up/*", request -> {
            int count = first.getAndSet(false) ? 100 : request.body().length;
            stored.write(request.body(), 0, count);
            firstPiece.countDown();
            return kept(request);
        });

        Future<Boolean> sent = stream();
        growing.grownTo(400);
        firstPiece.await();
        growing.finished();

        assertThat(sent.get()).isTrue();
        assertStored();
        assertThat(registry.seen("PATCH").get(1).field("Content-range")).contains("100-499");
    }

    @Test
    void aRegistryThatKeepsNothingIsNotSentPiecesForEver() throws Exception {
        registry.on("PATCH", "/up/*", request -> {
            stored.write(7);
            return Reply.of(202).with("Location", "/up/1").with("Range", "0-1");
        });
        growing.grownTo(1000);

        assertThat(stream().get()).isFalse();
        assertThat(registry.seen("PATCH")).hasSize(2);
        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(() -> client.app(registry.host()).upload(blob, blobs))
                .withMessageContaining("nothing of its piece was kept");
    }

    @Test
    void aBlobThatCameThereMeanwhileIsNotFinishedAgain() throws Exception {
        Future<Boolean> sent = stream();
        growing.grownTo(400);
        firstPiece.await();
        whole.set(true);
        stored.writeBytes(new byte[1000 - stored.size()]);
        growing.finished();

        assertThat(sent.get()).isTrue();
        assertThat(registry.seen("PUT")).isEmpty();
        assertThat(registry.log().getLast()).startsWith("DELETE /up/1");
    }

    @Test
    void aWriterThatGivesUpEndsTheSession() throws Exception {
        Future<Boolean> sent = stream();
        growing.grownTo(400);
        firstPiece.await();
        growing.giveUp();

        assertThat(sent.get()).isFalse();
        assertThat(registry.log().getLast()).startsWith("DELETE /up/1");
        assertThat(whole).isFalse();
    }

    @Test
    void aBuildThatEndsEndsTheSession() throws Exception {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                end.complete(new AssertionError("ended with " + client.app(registry.host()).stream(growing)));
            } catch (Throwable e) {
                end.complete(e);
            }
        });
        growing.grownTo(400);
        firstPiece.await();
        thread.interrupt();

        assertThat(end.get()).isInstanceOf(InterruptedException.class);
        assertThat(registry.log().getLast()).startsWith("DELETE /up/1");
        assertThat(whole).isFalse();
    }

    @Test
    void aBodyUnderwayStopsWhenItsThreadIsInterrupted() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Descriptor endless = new Descriptor(blob.mediaType(), blob.digest(), 1L << 40);
        Thread thread = Thread.ofPlatform().start(() -> {
            try (Client whole = new Client()) {
                whole.app(registry.host()).upload(endless, _ -> new InputStream() {
                    @Override
                    public int read() {
                        return 7;
                    }

                    @Override
                    public int read(byte[] buffer, int offset, int length) {
                        reading.countDown();
                        return length;
                    }
                });
                end.complete(new AssertionError("a body of a tebibyte was sent"));
            } catch (Throwable e) {
                end.complete(e);
            }
        });
        reading.await();
        thread.interrupt();

        assertThat(end.get()).hasMessageContaining("interrupted");
    }

    @Test
    @Tag("peer")
    void aRealRegistryHasTheBlobAsItWas(@TempDir Path folder) throws Exception {
        MemoryBlobs large = new MemoryBlobs();
        Descriptor three = large.addRandom(3_000_000);
        MemoryGrowingBlob written = new MemoryGrowingBlob(large.bytes(three), three);
        RegistryOptions pieces =
                RegistryOptions.defaults().withLimits(HttpLimits.defaults().withUploadChunk(1_000_000));
        try (DebianRegistry real = DebianRegistry.start(folder);
                RegistryClient to = new RegistryClient(pieces, Credentials.NONE)) {
            Repository repository = to.repository(ImageName.parse(real.host() + "/app"));
            Future<Boolean> sent = threads.submit(() -> repository.stream(written));
            for (int size = 0; size < three.size(); size += 100_000) {
                written.grownTo(size);
            }
            written.grownTo(2_999_999);
            written.untilMoreIsWantedThan(2_000_000);
            written.finished();

            assertThat(sent.get()).isTrue();
            try (InputStream back = repository.open(three)) {
                assertThat(back.readAllBytes()).isEqualTo(large.bytes(three));
            }
        }
    }
}
