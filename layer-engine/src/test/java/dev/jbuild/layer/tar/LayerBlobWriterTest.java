package dev.jbuild.layer.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.OpenFiles;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.layer.store.Store;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.GrowingBlob;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LayerBlobWriterTest {
    private static final int FILES = 40;

    @TempDir
    Path folder;

    /** What is offered to readers. */
    private final List<GrowingBlob> read = new ArrayList<>();

    private Store store;

    @BeforeEach
    void openStore() throws Exception {
        store = Store.open(folder.resolve("store"), Linux.system());
    }

    @AfterEach
    void closeStore() throws Exception {
        store.close();
    }

    @ParameterizedTest
    @EnumSource(Compression.Format.class)
    void blobIsTheSameWith1And2And8Threads(Compression.Format format) throws Exception {
        Compression compression = compression(format);
        WrittenLayer one = write(mixed(), compression, 1);

        assertThat(write(mixed(), compression, 2)).isEqualTo(one);
        assertThat(write(mixed(), compression, 8)).isEqualTo(one);
    }

    @ParameterizedTest
    @EnumSource(Compression.Format.class)
    void diffIdIsTheHashOfTheTarInTheBlob(Compression.Format format) throws Exception {
        WrittenLayer layer = write(mixed(), compression(format), 2);

        MessageDigest hash = Digest.sha256();
        try (InputStream tar = new DigestInputStream(
                LayerDecompressor.open(store.blobs().open(layer.descriptor()), LayerLimits.defaults(), "layer"),
                hash)) {
            tar.transferTo(java.io.OutputStream.nullOutputStream());
        }
        assertThat(Digest.ofSha256(hash.digest())).isEqualTo(layer.diffId());
        assertThat(layer.descriptor().mediaType()).isEqualTo(compression(format).mediaType());
        assertThat(Files.size(store.blobs().path(layer.descriptor().digest())))
                .isEqualTo(layer.descriptor().size());
    }

    @Test
    void formatsDifferOnlyInTheBlob() throws Exception {
        WrittenLayer gzip = write(mixed(), Compression.GZIP, 2);
        WrittenLayer plain = write(mixed(), Compression.NONE, 2);

        assertThat(plain.diffId()).isEqualTo(gzip.diffId());
        assertThat(plain.descriptor().digest()).isEqualTo(plain.diffId());
        assertThat(gzip.descriptor().size()).isLessThan(plain.descriptor().size());
    }

    /** A change of these digests invalidates what registries hold: it must be meant. */
    @Test
    void emptyLayerHasTheDigestsItAlwaysHad() throws Exception {
        WrittenLayer layer = write(_ -> {}, Compression.GZIP, 1);

        assertThat(layer.diffId())
                .hasToString("sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef");
        assertThat(layer.descriptor().digest())
                .hasToString("sha256:9a9f1a13a7498743bfa3efc41ffb1ce7f41d48b363a287b444647f0f94a3c6d2");
    }

    @Test
    void membersSayHowLongTheyAre() throws Exception {
        WrittenLayer layer = write(mixed(), Compression.GZIP, 2);
        byte[] blob = store.blobs().read(layer.descriptor(), 100 << 20);

        int members = 0;
        for (int at = 0; at < blob.length; members++) {
            assertThat(blob[at + 12]).isEqualTo((byte) 'J');
            assertThat(blob[at + 13]).isEqualTo((byte) 'B');
            at += ByteBuffer.wrap(blob, at + 16, 4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getInt();
        }
        assertThat(members).isGreaterThan(2);
    }

    @Test
    void jdkReadsAllMembers() throws Exception {
        WrittenLayer layer = write(mixed(), Compression.GZIP, 2);

        MessageDigest hash = Digest.sha256();
        try (InputStream in =
                new GZIPInputStream(new ByteArrayInputStream(store.blobs().read(layer.descriptor(), 100 << 20)))) {
            hash.update(in.readAllBytes());
        }
        assertThat(Digest.ofSha256(hash.digest())).isEqualTo(layer.diffId());
    }

    @Test
    void failingSourceLeavesNothing() throws Exception {
        LayerSource failing = sink -> {
            mixed().writeTo(sink);
            throw new IOException("the source failed");
        };

        assertThatThrownBy(() -> write(failing, Compression.GZIP, 2)).hasMessage("the source failed");
        assertThat(store.root().resolve("blobs/sha256")).isEmptyDirectory();
        try (var files = Files.walk(store.root().resolve("sessions")).filter(Files::isRegularFile)) {
            assertThat(files).extracting(file -> file.getFileName().toString()).containsExactly("lease");
        }
    }

    @Test
    void interruptEndsTheWorkWithoutABlob() throws Exception {
        LayerSource interrupting = sink -> {
            Thread.currentThread().interrupt();
            mixed().writeTo(sink);
        };

        assertThatThrownBy(() -> write(interrupting, Compression.GZIP, 1)).isInstanceOf(IOException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(store.root().resolve("blobs/sha256")).isEmptyDirectory();
    }

    @ParameterizedTest
    @EnumSource(Compression.Format.class)
    void aLayerThatIsMadeAnewIsKnownByItsBlobAndNotWritten(Compression.Format format) throws Exception {
        WrittenLayer earlier = write(mixed(), compression(format), 2);

        assertThat(writeAgain(mixed(), earlier, compression(format))).isEqualTo(earlier);

        assertThat(read).as("blobs that were written").isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Compression.Format.class)
    void aLayerThatHasBecomeAnotherIsWritten(Compression.Format format) throws Exception {
        WrittenLayer earlier = write(mixed(), compression(format), 2);

        for (LayerSource other : List.<LayerSource>of(_ -> {}, first(FILES - 1), first(FILES + 1))) {
            WrittenLayer written = writeAgain(other, earlier, compression(format));

            assertThat(written).isEqualTo(write(other, compression(format), 1)).isNotEqualTo(earlier);
            assertThat(store.blobs().has(written.descriptor())).isTrue();
        }
        assertThat(read).as("blobs that were written").hasSize(3);
        assertThat(store.blobs().has(earlier.descriptor())).isTrue();
    }

    /** One of them ends where the other goes on; neither is the layer. */
    @Test
    void aBlobThatOnlyBeginsLikeTheLayersIsAnother() throws Exception {
        WrittenLayer layer = write(mixed(), Compression.NONE, 1);
        byte[] content = store.blobs().read(layer.descriptor(), 100 << 20);

        for (int length : List.of(content.length - 1, content.length + 1)) {
            Descriptor blob = store.blobs().put(Compression.NONE.mediaType(), Arrays.copyOf(content, length));

            assertThat(writeAgain(mixed(), new WrittenLayer(layer.diffId(), blob), Compression.NONE))
                    .isEqualTo(layer);
        }
    }

    @Test
    void aLayerWhoseBlobIsGoneIsWritten() throws Exception {
        WrittenLayer earlier = write(mixed(), Compression.GZIP, 2);
        Files.delete(store.blobs().path(earlier.descriptor().digest()));

        assertThat(writeAgain(mixed(), earlier, Compression.GZIP)).isEqualTo(earlier);

        assertThat(store.blobs().has(earlier.descriptor())).isTrue();
        assertThat(read).hasSize(1);
    }

    @Test
    void aDamagedBlobIsReplacedByThatOfTheLayerThatIsMadeAnew() throws Exception {
        WrittenLayer earlier = write(mixed(), Compression.GZIP, 2);
        Path file = store.blobs().path(earlier.descriptor().digest());
        byte[] sound = Files.readAllBytes(file);
        byte[] damaged = sound.clone();
        damaged[damaged.length / 2] ^= 1;
        Files.write(file, damaged);

        assertThat(writeAgain(mixed(), earlier, Compression.GZIP)).isEqualTo(earlier);

        assertThat(file).hasBinaryContent(sound);
    }

    /** What is another is made to be compared and to be written; only a damaged blob has it made again. */
    @Test
    void aLayerIsMadeNoMoreOftenThanItMustBe() throws Exception {
        WrittenLayer earlier = write(mixed(), Compression.NONE, 1);
        AtomicInteger made = new AtomicInteger();

        writeAgain(counted(mixed(), made), earlier, Compression.NONE);
        assertThat(made).hasValue(1);
        writeAgain(counted(first(1), made), earlier, Compression.NONE);
        assertThat(made).hasValue(1 + 2);
        Files.delete(store.blobs().path(earlier.descriptor().digest()));
        writeAgain(counted(mixed(), made), earlier, Compression.NONE);
        assertThat(made).hasValue(1 + 2 + 1);
    }

    private static LayerSource counted(LayerSource source, AtomicInteger made) {
        return sink -> {
            made.incrementAndGet();
            source.writeTo(sink);
        };
    }

    @Test
    void aBlobIsOpenNoMoreOnceItWasCompared() throws Exception {
        WrittenLayer earlier = write(mixed(), Compression.NONE, 1);

        writeAgain(mixed(), earlier, Compression.NONE);
        writeAgain(first(1), earlier, Compression.NONE);

        assertThat(OpenFiles.all())
                .noneMatch(file -> file.endsWith(earlier.descriptor().digest().hex()));
    }

    @Test
    void interruptEndsAComparison() throws Exception {
        WrittenLayer earlier = write(mixed(), Compression.GZIP, 1);
        LayerSource interrupting = sink -> {
            Thread.currentThread().interrupt();
            mixed().writeTo(sink);
        };

        assertThatThrownBy(() -> writeAgain(interrupting, earlier, Compression.GZIP))
                .isInstanceOf(IOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void readerRefusesALayerOfAnotherDiffId() throws Exception {
        WrittenLayer layer = write(mixed(), Compression.GZIP, 1);
        Digest other = Digest.of(new byte[0]);

        assertThatThrownBy(() -> new LayerBlobReader(store.blobs(), layer.descriptor(), other, LayerLimits.defaults())
                        .writeTo((_, _) -> {}))
                .isInstanceOf(RefusedLayerException.class)
                .hasMessageContaining("the image's config says " + other);
    }

    @Test
    void readerRefusesUnknownMediaTypes() throws Exception {
        WrittenLayer layer = write(mixed(), Compression.GZIP, 1);
        Descriptor encrypted = new Descriptor(
                "application/vnd.oci.image.layer.v1.tar+gzip+encrypted",
                layer.descriptor().digest(),
                layer.descriptor().size());

        assertThatThrownBy(() -> new LayerBlobReader(store.blobs(), encrypted, layer.diffId(), LayerLimits.defaults())
                        .writeTo((_, _) -> {}))
                .isInstanceOf(RefusedLayerException.class)
                .hasMessageContaining("+encrypted is not known");
    }

    private WrittenLayer write(LayerSource source, Compression compression, int threads) throws IOException {
        try (LayerBlobWriter writer = new LayerBlobWriter(threads)) {
            return writer.write(source, store.blobs(), compression);
        }
    }

    private WrittenLayer writeAgain(LayerSource source, WrittenLayer earlier, Compression compression)
            throws IOException {
        try (LayerBlobWriter writer = new LayerBlobWriter(2)) {
            return writer.writeAgain(source, earlier, store.blobs(), compression, read::add);
        }
    }

    private static Compression compression(Compression.Format format) {
        return switch (format) {
            case NONE -> Compression.NONE;
            case GZIP -> Compression.GZIP;
            case ZSTD -> Compression.ZSTD;
        };
    }

    /** Some 6 MiB, half noise and half text, so that chunks end within files. */
    private static LayerSource mixed() {
        return first(FILES);
    }

    private static LayerSource first(int files) {
        return sink -> {
            Random random = new Random(42);
            for (int i = 0; i < files; i++) {
                byte[] content = new byte[random.nextInt(300_000)];
                if (i % 2 == 0) {
                    random.nextBytes(content);
                }
                LayerEntry entry = LayerEntry.file(EntryPath.of("file" + (100 + i)), 0644, content.length);
                sink.put(entry, new ByteArrayInputStream(content));
            }
        };
    }
}
