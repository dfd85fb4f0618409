package dev.jbuild.layer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FileKind;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.OpenFlag;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.CorruptBlobException;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.GrowingBlob;
import dev.jbuild.oci.NoSuchBlobException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class BlobStoreTest {
    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.US_ASCII);
    private static final Descriptor BLOB = Descriptor.of("text/plain", CONTENT);

    @TempDir
    Path folder;

    private Store store;

    @BeforeEach
    void openStore() throws Exception {
        store = Store.open(folder.resolve("store"), Linux.system());
    }

    @AfterEach
    void closeStore() throws Exception {
        store.close();
    }

    @Test
    void givesBackWhatWasPut() throws Exception {
        assertThat(store.blobs().put("text/plain", CONTENT)).isEqualTo(BLOB);
        assertThat(store.blobs().put("text/plain", CONTENT)).isEqualTo(BLOB);

        assertThat(store.blobs().has(BLOB)).isTrue();
        assertThat(store.blobs().size(BLOB.digest())).hasValue(7);
        assertThat(store.blobs().read(BLOB, 7)).isEqualTo(CONTENT);
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(store.blobs().path(BLOB.digest()))))
                .isEqualTo("rw-------");
    }

    @Test
    void bytesAreComparedFromWhereTheyBeginAndOneByOne() throws Exception {
        store.blobs().put("text/plain", CONTENT);
        try (BlobComparison comparison = store.blobs().comparison(BLOB).orElseThrow()) {
            comparison.write('c');
            comparison.write("--onte".getBytes(StandardCharsets.US_ASCII), 2, 4);
            assertThatThrownBy(() -> comparison.write('x')).isInstanceOf(BlobComparison.DifferentException.class);
        }
    }

    @Test
    void interruptEndsAComparisonBeforeItReads() throws Exception {
        store.blobs().put("text/plain", CONTENT);
        try (BlobComparison comparison = store.blobs().comparison(BLOB).orElseThrow()) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> comparison.write(CONTENT)).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
            comparison.write(CONTENT);
            assertThat(comparison.isWhole()).isTrue();
        }
    }

    @Test
    void aBlobThatIsWrittenBackOnTheWayIsWhole() throws Exception {
        byte[] part = new byte[5 << 20];
        new Random(3).nextBytes(part);
        try (BlobWriter writer = store.blobs().writer()) {
            for (int i = 0; i < 8; i++) {
                writer.write(part);
            }
            Descriptor blob = writer.commit("application/octet-stream");

            assertThat(blob.size()).isEqualTo(8L * part.length);
            try (InputStream in = store.blobs().open(blob)) {
                assertThat(in.transferTo(OutputStream.nullOutputStream())).isEqualTo(blob.size());
            }
        }
    }

    @Test
    void absentBlobIsNamed() throws Exception {
        assertThat(store.blobs().has(BLOB)).isFalse();
        assertThat(store.blobs().size(BLOB.digest())).isEmpty();
        assertThatThrownBy(() -> store.blobs().open(BLOB))
                .isInstanceOf(NoSuchBlobException.class)
                .hasMessageContaining(BLOB.digest().toString());
    }

    @Test
    void blobIsInvisibleUntilCommittedAndGoneWithoutCommit() throws Exception {
        try (BlobWriter writer = store.blobs().writer()) {
            writer.write(CONTENT);
            assertThat(store.blobs().has(BLOB)).isFalse();
        }

        assertThat(store.root().resolve("blobs/sha256")).isEmptyDirectory();
        assertThat(temporaries()).isEmpty();
    }

    @Test
    void readsNoMoreThanItsLimit() throws Exception {
        store.blobs().put("text/plain", CONTENT);

        assertThatThrownBy(() -> store.blobs().read(BLOB, 6)).hasMessageContaining("the limit is 6");
    }

    @Test
    void takesBlobsOfSha512() throws Exception {
        byte[] hash = java.security.MessageDigest.getInstance("SHA-512").digest(CONTENT);
        Descriptor blob =
                new Descriptor("text/plain", new Digest("sha512", HexFormat.of().formatHex(hash)), CONTENT.length);

        store.blobs().accept(blob, source(CONTENT));

        assertThat(store.blobs().read(blob, 100)).isEqualTo(CONTENT);
        assertThat(store.root().resolve("blobs/sha512")).isDirectory();
    }

    @Test
    void refusesABlobThatArrivesChanged() throws Exception {
        byte[] changed = CONTENT.clone();
        changed[0] ^= 1;

        assertThatThrownBy(() -> store.blobs().accept(BLOB, source(changed)))
                .isInstanceOf(CorruptBlobException.class)
                .hasMessageContaining(BLOB.digest().toString())
                .hasMessageContaining(Digest.of(changed).toString());
        assertThat(store.blobs().has(BLOB)).isFalse();
        assertThat(temporaries()).isEmpty();
    }

    @Test
    void ofManyThatWantABlobOneFetchesIt() throws Exception {
        AtomicInteger fetches = new AtomicInteger();
        BlobSource source = _ -> {
            fetches.incrementAndGet();
            return new ByteArrayInputStream(CONTENT);
        };
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Store other = Store.open(store.root(), Linux.system())) {
            for (int i = 0; i < 16; i++) {
                Store wanting = i % 2 == 0 ? store : other;
                all.add(threads.submit(() -> {
                    wanting.blobs().accept(BLOB, source);
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }

        assertThat(fetches).hasValue(1);
    }

    @Test
    void damagedBlobIsFoundWhenReadAndMadeRoomFor() throws Exception {
        store.blobs().put("text/plain", CONTENT);
        byte[] changed = CONTENT.clone();
        changed[3] ^= 1;
        Files.write(store.blobs().path(BLOB.digest()), changed);

        try (InputStream in = store.blobs().open(BLOB)) {
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(BLOB.digest() + " in the local store was damaged and is removed");
        }

        assertThat(store.blobs().has(BLOB)).isFalse();
        store.blobs().accept(BLOB, source(CONTENT));
        assertThat(store.blobs().read(BLOB, 100)).isEqualTo(CONTENT);
    }

    /** Else an image with a lie in its manifest would take a layer away from others. */
    @Test
    void wrongDescriptorDoesNotCostAGoodBlob() throws Exception {
        store.blobs().put("text/plain", CONTENT);
        for (long size : new long[] {CONTENT.length - 1, CONTENT.length + 1}) {
            Descriptor lie = new Descriptor("text/plain", BLOB.digest(), size);
            try (InputStream in = store.blobs().open(lie)) {
                assertThatThrownBy(in::readAllBytes).isInstanceOf(CorruptBlobException.class);
            }
        }

        assertThat(store.blobs().read(BLOB, 100)).isEqualTo(CONTENT);
    }

    @Test
    void fileCutShortByACrashIsNotTheBlob() throws Exception {
        store.blobs().put("text/plain", CONTENT);
        Files.write(store.blobs().path(BLOB.digest()), new byte[0]);

        assertThat(store.blobs().has(BLOB)).isFalse();
        store.blobs().accept(BLOB, source(CONTENT));
        assertThat(store.blobs().read(BLOB, 100)).isEqualTo(CONTENT);
    }

    @Test
    void blobThatIsThereIsNotWrittenAgain() throws Exception {
        store.blobs().put("text/plain", CONTENT);
        Path path = store.blobs().path(BLOB.digest());
        Object before = Files.getAttribute(path, "unix:ino");

        try (BlobWriter writer = store.blobs().writer()) {
            writer.write(CONTENT);
            assertThat(writer.commit("text/plain")).isEqualTo(BLOB);
        }

        assertThat(Files.getAttribute(path, "unix:ino")).isEqualTo(before);
        assertThat(temporaries()).isEmpty();
    }

    @Test
    void refusesABlobThatIsALink() throws Exception {
        Path secret = Files.write(folder.resolve("secret"), CONTENT);
        Files.createSymbolicLink(store.blobs().path(BLOB.digest()), secret);

        assertThat(store.blobs().has(BLOB)).isFalse();
        assertThatThrownBy(() -> store.blobs().open(BLOB)).isInstanceOf(IOException.class);
    }

    @Test
    @Timeout(10)
    void refusesABlobThatIsAFifoWithoutWaiting() throws Exception {
        Linux linux = Linux.system();
        try (Fd directory = linux.open(store.root().resolve("blobs/sha256"), OpenFlag.READ, OpenFlag.DIRECTORY)) {
            linux.makeNodeAt(directory, StoreFolders.name(BLOB.digest().hex()), FileKind.FIFO, 0600, 0, 0);
        }

        assertThat(store.blobs().has(BLOB)).isFalse();
        assertThatThrownBy(() -> store.blobs().open(BLOB)).isInstanceOf(IOException.class);
    }

    @Test
    void emptyBlobIsABlob() throws Exception {
        Descriptor empty = store.blobs().put("text/plain", new byte[0]);

        assertThat(store.blobs().read(empty, 0)).isEmpty();
    }

    private List<Path> temporaries() throws IOException {
        try (var files = Files.walk(store.root().resolve("sessions"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("lease"))
                    .toList();
        }
    }

    private static BlobSource source(byte[] content) {
        return _ -> new ByteArrayInputStream(content);
    }

    @Test
    void aBlobCanBeReadWhileItIsWrittenAndAfterItHasItsName() throws Exception {
        try (BlobWriter writer = store.blobs().writer()) {
            GrowingBlob growing = writer.growing();
            writer.write(CONTENT, 0, 4);

            assertThat(growing.await(4)).isEqualTo(new GrowingBlob.Extent(4, Optional.empty()));
            assertThat(read(growing, 1, 4)).isEqualTo("ont");

            writer.write(CONTENT, 4, 3);
            try (InputStream opened = growing.open(0, 6)) {
                writer.commit("text/plain");

                assertThat(opened.readAllBytes()).isEqualTo("conten".getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(growing.await(100)).isEqualTo(new GrowingBlob.Extent(7, Optional.of(BLOB)));
            assertThat(read(growing, 4, 7)).isEqualTo("ent");
        }
    }

    @Test
    void aBlobThatIsHereAlreadyCanBeReadToItsEnd() throws Exception {
        store.blobs().put("text/plain", CONTENT);
        GrowingBlob growing;
        try (BlobWriter writer = store.blobs().writer()) {
            growing = writer.growing();
            writer.write(CONTENT);
            writer.commit("text/plain");
        }

        assertThat(growing.await(100).whole()).contains(BLOB);
        assertThat(read(growing, 0, 7)).isEqualTo("content");
    }

    @Test
    void whoWaitsForABlobHearsThatItsWriterGaveUp() throws Exception {
        try (ExecutorService reader = Executors.newSingleThreadExecutor()) {
            Future<?> waiting;
            try (BlobWriter writer = store.blobs().writer()) {
                GrowingBlob growing = writer.growing();
                writer.write(CONTENT);
                waiting = reader.submit(() -> growing.await(8));
            }

            assertThatThrownBy(waiting::get).hasRootCauseMessage("the blob is not written to its end");
        }
    }

    private static String read(GrowingBlob blob, long from, long to) throws IOException {
        try (InputStream in = blob.open(from, to)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
