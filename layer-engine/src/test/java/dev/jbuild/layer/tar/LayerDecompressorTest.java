package dev.jbuild.layer.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.RefusedLayerException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayerDecompressorTest {
    private static final byte[] CONTENT = "some content ".repeat(1000).getBytes(StandardCharsets.US_ASCII);

    @Test
    void passesPlainTarsThrough() throws Exception {
        assertThat(expand(CONTENT)).isEqualTo(CONTENT);
        assertThat(expand(new byte[0])).isEmpty();
        assertThat(expand(new byte[] {1})).containsExactly(1);
    }

    @Test
    void expandsGzip() throws Exception {
        assertThat(expand(gzip(CONTENT))).isEqualTo(CONTENT);
    }

    @Test
    void expandsAllMembersOfAGzipFileHoweverItsBytesArrive() throws Exception {
        byte[] three = join(gzip(CONTENT), gzip(new byte[0]), gzip(CONTENT));
        InputStream drop = new FilterInputStream(new ByteArrayInputStream(three)) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return super.read(buffer, offset, Math.min(length, 1));
            }

            @Override
            public int available() {
                return 0;
            }
        };

        assertThat(expand(three)).isEqualTo(join(CONTENT, CONTENT));
        assertThat(LayerDecompressor.open(drop, LayerLimits.defaults(), "layer x")
                        .readAllBytes())
                .isEqualTo(join(CONTENT, CONTENT));
    }

    @Test
    void passesOverEveryOptionalGzipField() throws Exception {
        byte[] plain = gzip(CONTENT);
        byte[] header = {0x1f, (byte) 0x8b, 8, 2 | 4 | 8 | 16, 1, 2, 3, 4, 0, 3, 2, 0, 'x', 'y', 'n', 0, 'c', 0, 9, 9};

        assertThat(expand(join(header, Arrays.copyOfRange(plain, 10, plain.length))))
                .isEqualTo(CONTENT);
    }

    @Test
    void expandsAllFramesOfAZstdFileAndSkipsTheSkippable() throws Exception {
        byte[] skippable = {0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3};
        byte[] frames = join(skippable, Zstd.compress(CONTENT), skippable, Zstd.compress(CONTENT));

        assertThat(expand(frames)).isEqualTo(join(CONTENT, CONTENT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "x", "trailing bytes", "\u001f", "\u001f\u008b", "\u001f\u008b\b\0"})
    void refusesBytesAfterTheLastGzipMember(String trailing) {
        refuses(join(gzip(CONTENT), trailing.getBytes(StandardCharsets.ISO_8859_1)), "damaged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "x", "trailing bytes", "(\u00b5/\u00fd"})
    void refusesBytesAfterTheLastZstdFrame(String trailing) {
        refuses(join(Zstd.compress(CONTENT), trailing.getBytes(StandardCharsets.ISO_8859_1)), "damaged");
    }

    @Test
    void refusesGzipCutAtAnyPlace() {
        byte[] whole = gzip(CONTENT);
        for (int length = 2; length < whole.length; length++) {
            refuses(Arrays.copyOf(whole, length), "damaged");
        }
    }

    @Test
    void refusesZstdCutAtAnyPlace() {
        byte[] whole = Zstd.compress(CONTENT);
        for (int length = 4; length < whole.length; length++) {
            refuses(Arrays.copyOf(whole, length), "damaged");
        }
    }

    @Test
    void refusesAnyChangedByteOfGzipsTrailer() {
        byte[] whole = gzip(CONTENT);
        for (int i = whole.length - 8; i < whole.length; i++) {
            byte[] changed = whole.clone();
            changed[i] ^= 1;
            refuses(changed, "damaged");
        }
    }

    @Test
    void refusesReservedFlagsAndUnknownMethods() {
        byte[] flags = gzip(CONTENT);
        flags[3] = (byte) 0x80;
        byte[] method = gzip(CONTENT);
        method[2] = 9;

        refuses(flags, "reserved gzip flags");
        refuses(method, "unknown gzip compression method");
    }

    @Test
    void refusesCompressionsThatLayersDoNotHave() {
        refuses(new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0, 0}, "gzip, zstd or not at all");
        refuses("BZh91AY".getBytes(StandardCharsets.US_ASCII), "gzip, zstd or not at all");
    }

    @Test
    void refusesOneByteMoreThanTheLimit() throws Exception {
        LayerLimits limits = LayerLimits.defaults().withMaxBytes(CONTENT.length);

        assertThat(expand(gzip(CONTENT), limits)).isEqualTo(CONTENT);
        assertThatThrownBy(() -> expand(gzip(join(CONTENT, new byte[1])), limits))
                .isInstanceOf(RefusedLayerException.class)
                .hasMessageContaining("more than 13000 bytes (maxBytes)");
    }

    @Test
    void refusesABombOfManyGzipMembersByTheLimitOfBytes() {
        byte[] member = gzip(new byte[1 << 20]);
        byte[] many = new byte[100 * member.length];
        for (int i = 0; i < 100; i++) {
            System.arraycopy(member, 0, many, i * member.length, member.length);
        }

        assertThatThrownBy(() -> expand(many, LayerLimits.defaults().withMaxBytes(50 << 20)))
                .hasMessageContaining("(maxBytes)");
    }

    @Test
    void refusesAZstdBombByItsRatio() throws Exception {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (ZstdOutputStreamNoFinalizer out = new ZstdOutputStreamNoFinalizer(bomb, 19)) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 100; i++) {
                out.write(zeros);
            }
        }

        assertThat(bomb.size()).isLessThan(50_000);
        assertThatThrownBy(() -> drain(bomb.toByteArray(), LayerLimits.defaults()))
                .isInstanceOf(RefusedLayerException.class)
                .hasMessageContaining("more than 2000 times its size (maxRatio)");
    }

    @Test
    void smallLayersMayHaveAnyRatio() throws Exception {
        byte[] zeros = new byte[60 << 20];

        assertThat(expand(Zstd.compress(zeros))).hasSize(zeros.length);
    }

    @Test
    void refusesAZstdWindowOfOneStepTooMuch() throws Exception {
        byte[] fits = windowed(27);
        byte[] tooLarge = windowed(28);

        assertThat(expand(fits)).isEqualTo("abc".getBytes(StandardCharsets.US_ASCII));
        refuses(tooLarge, "a zstd window of 268435456 bytes; the limit (maxZstdWindowBytes) is 134217728");
    }

    /** A frame of four bytes of size, and no window but that (RFC 8878, 3.1.1.1.2). */
    @Test
    void refusesAZstdContentThatIsItsOwnWindowOfOneByteTooMuch() {
        byte[] claims = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, (byte) 0xa0, 1, 0, 0, 8, 3 << 3 | 1, 0, 0, 'a', 'b', 'c'
        };
        refuses(claims, "a zstd window of 134217729 bytes; the limit (maxZstdWindowBytes) is 134217728");
        byte[] all = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, (byte) 0xe0, -1, -1, -1, -1, -1, -1, -1, -1, 1, 0, 0};
        refuses(all, "a zstd window of 18446744073709551615 bytes; the limit");
        assertThatThrownBy(() -> expand(
                        Zstd.compress(CONTENT), LayerLimits.defaults().with("maxZstdWindowBytes", CONTENT.length - 1)))
                .hasMessageContaining("a zstd window of 13000 bytes");
    }

    /** A frame that asks for a window and holds the one raw block "abc" (RFC 8878, 3.1.1). */
    private static byte[] windowed(int log) {
        int windowByte = (log - 10) << 3;
        int blockHeader = 3 << 3 | 1;
        return new byte[] {
            0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) windowByte, (byte) blockHeader, 0, 0, 'a', 'b', 'c'
        };
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void refuses(byte[] blob, String rule) {
        assertThatThrownBy(() -> expand(blob))
                .isInstanceOf(RefusedLayerException.class)
                .hasMessageStartingWith("layer x is refused: ")
                .hasMessageContaining(rule);
    }

    private static byte[] expand(byte[] blob) throws IOException {
        return expand(blob, LayerLimits.defaults());
    }

    private static byte[] expand(byte[] blob, LayerLimits limits) throws IOException {
        try (InputStream in = LayerDecompressor.open(new ByteArrayInputStream(blob), limits, "layer x")) {
            return in.readAllBytes();
        }
    }

    private static void drain(byte[] blob, LayerLimits limits) throws IOException {
        try (InputStream in = LayerDecompressor.open(new ByteArrayInputStream(blob), limits, "layer x")) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
