package dev.jbuild.layer.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.layer.store.Store;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Random;
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
    void aLayerIsKnownByTheBlobThatItWasWrittenAs(Compression.Format format) throws Exception {
        Descriptor blob = write(mixed(), compression(format), 2).descriptor();

        assertThat(isWrittenAs(mixed(), blob, compression(format))).isTrue();
        assertThat(isWrittenAs(_ -> {}, blob, compression(format))).isFalse();
        assertThat(isWrittenAs(first(FILES - 1), blob, compression(format))).isFalse();
        assertThat(isWrittenAs(oneMore(), blob, compression(format))).isFalse();
        assertThat(store.blobs().has(blob)).isTrue();
    }

    @Test
    void aLayerIsNotKnownByABlobThatOnlyBeginsLikeIts() throws Exception {
        Descriptor more = write(oneMore(), Compression.NONE, 1).descriptor();
        Descriptor less = write(mixed(), Compression.NONE, 1).descriptor();
        // Without the end mark of two blocks, the tar of one is how that of the other begins.
        byte[] begun = Arrays.copyOf(store.blobs().read(more, 100 << 20), (int) less.size());

        Descriptor beginning = store.blobs().put(Compression.NONE.mediaType(), begun);

        assertThat(isWrittenAs(oneMore(), beginning, Compression.NONE)).isFalse();
        byte[] longer = Arrays.copyOf(store.blobs().read(less, 100 << 20), (int) less.size() + 1);
        Descriptor end = store.blobs().put(Compression.NONE.mediaType(), longer);
        assertThat(isWrittenAs(mixed(), end, Compression.NONE)).isFalse();
    }

    @Test
    void aDamagedBlobIsNotTakenForTheLayersAndTakenOut() throws Exception {
        Descriptor blob = write(mixed(), Compression.GZIP, 2).descriptor();
        Path file = store.blobs().path(blob.digest());
        byte[] content = Files.readAllBytes(file);
        content[content.length / 2] ^= 1;
        Files.write(file, content);

        assertThat(isWrittenAs(mixed(), blob, Compression.GZIP)).isFalse();

        assertThat(file).doesNotExist();
        assertThat(isWrittenAs(mixed(), blob, Compression.GZIP)).isFalse();
    }

    @Test
    void interruptEndsAComparison() throws Exception {
        Descriptor blob = write(mixed(), Compression.GZIP, 1).descriptor();

        assertThatThrownBy(() -> isWrittenAs(
                        sink -> {
                            Thread.currentThread().interrupt();
                            mixed().writeTo(sink);
                        },
                        blob,
                        Compression.GZIP))
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

    private boolean isWrittenAs(LayerSource source, Descriptor blob, Compression compression) throws IOException {
        try (LayerBlobWriter writer = new LayerBlobWriter(2)) {
            return writer.isWrittenAs(source, blob, store.blobs(), compression);
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

    private static LayerSource oneMore() {
        return first(FILES + 1);
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
