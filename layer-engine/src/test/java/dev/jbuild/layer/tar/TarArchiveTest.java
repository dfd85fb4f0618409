package dev.jbuild.layer.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.RefusedLayerException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** What ADD takes for an archive, and what it reads of one. */
class TarArchiveTest {
    private static final LayerLimits LIMITS = LayerLimits.defaults();

    /** How people compress archives. */
    private enum Form {
        PLAIN,
        GZIP,
        BZIP2,
        XZ,
        ZSTD
    }

    @ParameterizedTest
    @EnumSource
    void anArchiveIsToldByItsContentAndRead(Form form) throws IOException {
        byte[] archive =
                compressed(form, new TarBytes().file("a", "x").file("b", "yy").end());

        assertThat(isOne(archive)).isTrue();
        assertThat(names(archive, LIMITS)).containsExactly("a", "b");
    }

    @ParameterizedTest
    @EnumSource
    void aCompressedFileOfSomethingElseIsNoArchive(Form form) throws IOException {
        assertThat(isOne(compressed(form, "just text".repeat(200).getBytes(StandardCharsets.US_ASCII))))
                .isFalse();
        assertThat(isOne(compressed(form, new byte[0]))).isFalse();
        assertThat(isOne(compressed(form, new byte[10_240]))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"BZh", "BZh9nonsense", "\u001f\u008b", "\u00fd7zXZ\0nonsense", "(\u00b5/\u00fdnonsense", "", "x"
            })
    void aFileThatOnlyBeginsLikeACompressedOneIsNoArchive(String latin1) throws IOException {
        assertThat(isOne(latin1.getBytes(StandardCharsets.ISO_8859_1))).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aTruncatedArchiveIsRefusedByName(Form form) throws IOException {
        byte[] whole =
                compressed(form, new TarBytes().file("a", "x".repeat(5000)).end());
        byte[] half = Arrays.copyOf(whole, whole.length / 2);

        assertThatThrownBy(() -> names(half, LIMITS))
                .isInstanceOf(RefusedLayerException.class)
                .hasMessageStartingWith("archive /x is refused");
    }

    @ParameterizedTest
    @EnumSource
    void anArchiveOfOneByteMoreThanTheLimitIsRefused(Form form) throws IOException {
        byte[] tar = new TarBytes().file("a", "x".repeat(3000)).end();
        byte[] archive = compressed(form, tar);

        assertThat(names(archive, LIMITS.withMaxBytes(tar.length))).containsExactly("a");
        assertThatThrownBy(() -> names(archive, LIMITS.withMaxBytes(2999)))
                .isInstanceOf(RefusedLayerException.class)
                .hasMessageContaining("maxBytes");
    }

    @Test
    void aBombIsRefusedByItsRatio() throws IOException {
        LayerLimits tight = new LayerLimits(10, 1L << 40, 4096, 4096, 100, 1 << 16, 1 << 26, 8, 4096, 1 << 20, 0);
        byte[] tar = new TarBytes().file("zeros", "\0".repeat(4 << 20)).end();

        for (Form form : List.of(Form.GZIP, Form.BZIP2, Form.XZ, Form.ZSTD)) {
            byte[] archive = compressed(form, tar);
            assertThatThrownBy(() -> names(archive, tight))
                    .isInstanceOf(RefusedLayerException.class)
                    .hasMessageContaining("maxRatio");
        }
    }

    @Test
    void anXzFileThatAsksForMoreMemoryThanTheLimitIsRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        LZMA2Options options = new LZMA2Options();
        options.setDictSize(8 << 20);
        try (OutputStream out = new XZOutputStream(bytes, options)) {
            out.write(new TarBytes().file("a", "x").end());
        }
        LayerLimits small = new LayerLimits(10, 1 << 20, 4096, 4096, 100, 1 << 20, 4 << 20, 8, 4096, 1 << 20, 0);

        assertThat(names(bytes.toByteArray(), LIMITS)).containsExactly("a");
        assertThatThrownBy(() -> TarArchive.isOne(new ByteArrayInputStream(bytes.toByteArray()), small, "archive /x"))
                .as("copied as it is it would be another image")
                .isInstanceOf(RefusedLayerException.class)
                .hasMessageStartingWith("archive /x is refused: an xz stream");
        assertThatThrownBy(() -> names(bytes.toByteArray(), small))
                .isInstanceOf(RefusedLayerException.class)
                .hasMessageContaining(
                        "an xz stream that takes 8495104 bytes of memory; the limit (maxZstdWindowBytes) is 4194304");
    }

    @Test
    void damagedBytesOfALibrarysFormatAreRefusedAndNeverABug() throws IOException {
        byte[] tar = new TarBytes().file("a", "some content ".repeat(400)).end();
        for (Form form : List.of(Form.BZIP2, Form.XZ)) {
            byte[] archive = compressed(form, tar);
            for (int at = 6; at < archive.length; at += 7) {
                byte[] damaged = archive.clone();
                damaged[at] ^= 0x55;
                assertThatThrownBy(() -> names(damaged, LIMITS)).isInstanceOf(RefusedLayerException.class);
            }
        }
    }

    private static boolean isOne(byte[] file) throws IOException {
        return TarArchive.isOne(new ByteArrayInputStream(file), LIMITS, "archive /x");
    }

    private static List<String> names(byte[] file, LayerLimits limits) throws IOException {
        List<String> names = new ArrayList<>();
        TarArchive.read(new ByteArrayInputStream(file), limits, "archive /x")
                .writeTo((entry, _) -> names.add(entry.path().text()));
        return names;
    }

    private static byte[] compressed(Form form, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        OutputStream out = switch (form) {
            case PLAIN -> bytes;
            case GZIP -> new GZIPOutputStream(bytes);
            case BZIP2 -> new BZip2CompressorOutputStream(bytes);
            case XZ -> new XZOutputStream(bytes, new LZMA2Options(1));
            case ZSTD -> new com.github.luben.zstd.ZstdOutputStream(bytes);
        };
        try (out) {
            out.write(content);
        }
        return bytes.toByteArray();
    }
}
