package dev.jbuild.layer.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TarLayerWriterTest {
    private static final Timestamp TIME = new Timestamp(1_700_000_000, 0);

    static Stream<LayerEntry> entries() {
        TreeMap<String, Bytes> xattrs = new TreeMap<>();
        xattrs.put("security.capability", Bytes.of(new byte[] {1, 0, 0, 2, '\n', '=', (byte) 0xff}));
        xattrs.put("user.empty", Bytes.EMPTY);
        EntryPath path = EntryPath.of("a/b");
        LayerEntry file = LayerEntry.file(path, 0644, 3);
        return Stream.of(
                file,
                file.withMode(07777),
                file.withOwner(07777777, 07777777),
                file.withOwner(010000000, LayerEntry.MAX_ID),
                file.withMtime(TIME),
                file.withMtime(new Timestamp(-1, 0)),
                file.withMtime(new Timestamp(077777777777L, 0)),
                file.withMtime(new Timestamp(0100000000000L, 0)),
                file.withXattrs(xattrs),
                file.withPath(EntryPath.of(new byte[] {(byte) 0xff, '/', (byte) 0xc3, '('})),
                file.withPath(EntryPath.of("\u00e4".repeat(200))),
                file.withPath(EntryPath.of("\n/\u001b[2J")),
                LayerEntry.directory(EntryPath.ROOT, 0755),
                LayerEntry.directory(EntryPath.of("d"), 01777),
                LayerEntry.symlink(path, Bytes.of("../x")),
                LayerEntry.symlink(path, Bytes.of("t".repeat(100))),
                LayerEntry.symlink(path, Bytes.of("t".repeat(101))),
                LayerEntry.symlink(path, Bytes.of(new byte[] {(byte) 0xff, '/', '/', '.'})),
                LayerEntry.hardLink(path, EntryPath.of("c")),
                LayerEntry.hardLink(path, EntryPath.of("c".repeat(300))),
                LayerEntry.of(path, LayerEntry.Type.FIFO, 0600),
                LayerEntry.device(path, LayerEntry.Type.CHAR_DEVICE, 0666, 1, 3),
                LayerEntry.device(path, LayerEntry.Type.BLOCK_DEVICE, 0660, 4095, 1048575),
                LayerEntry.whiteout(path),
                LayerEntry.opaque(path),
                LayerEntry.opaque(EntryPath.ROOT));
    }

    static Stream<String> names() {
        // All lengths around the fields' ends, in one component and cut by slashes at each place.
        Stream<String> plain =
                IntStream.of(1, 99, 100, 101, 155, 156, 255, 256, 257, 1000).mapToObj("n"::repeat);
        Stream<String> cut = IntStream.of(1, 50, 99, 100, 101, 154, 155, 156, 157)
                .boxed()
                .flatMap(prefix -> IntStream.of(1, 98, 99, 100, 101)
                        .mapToObj(name -> "p".repeat(prefix) + "/" + "n".repeat(name)));
        return Stream.concat(plain, cut);
    }

    @ParameterizedTest
    @MethodSource("entries")
    void readerGetsBackWhatWasWritten(LayerEntry entry) throws Exception {
        assertThat(read(write(entry))).containsExactly(entry);
    }

    @ParameterizedTest
    @MethodSource("names")
    void namesOfEveryLengthComeBack(String name) throws Exception {
        LayerEntry file = LayerEntry.file(EntryPath.of(name), 0644, 3);
        LayerEntry directory = LayerEntry.directory(EntryPath.of(name), 0755);
        LayerEntry link = LayerEntry.hardLink(EntryPath.of("h"), EntryPath.of(name));

        assertThat(read(write(file, directory, link))).containsExactly(file, directory, link);
    }

    @Test
    void usesPaxOnlyWhereAValueDoesNotFit() throws Exception {
        LayerEntry plain = LayerEntry.file(EntryPath.of("p".repeat(155) + "/" + "n".repeat(100)), 07777, 3)
                .withOwner(07777777, 07777777)
                .withMtime(new Timestamp(077777777777L, 5));

        assertThat(write(plain)).hasSize(512 + 512 + 1024);
        assertThat(write(plain.withOwner(0, 010000000))).hasSize(1024 + 512 + 512 + 1024);
    }

    @Test
    void timesAreInWholeSecondsRoundedDown() throws Exception {
        LayerEntry entry = LayerEntry.file(EntryPath.of("a"), 0644, 3);

        assertThat(write(entry.withMtime(new Timestamp(5, 999_999_999))))
                .isEqualTo(write(entry.withMtime(new Timestamp(5, 0))));
    }

    /** A change of these bytes changes every layer's digest: it must be meant. */
    @Test
    void bytesAreTheSameForEver() throws Exception {
        byte[] tar = write(entries().toArray(LayerEntry[]::new));

        assertThat(Digest.of(tar))
                .hasToString("sha256:63138e34b596f05d78836c206531edd2d8cc8b8fd6baf03ac1eed2bd4c322d2e");
    }

    @Test
    void headerFieldsAreThoseOfUstar() throws Exception {
        byte[] tar = write(
                LayerEntry.file(EntryPath.of("a"), 0755, 3).withOwner(1, 2).withMtime(TIME));
        String header = new String(tar, 0, 512, StandardCharsets.ISO_8859_1);

        assertThat(header.substring(100, 148))
                .isEqualTo("0000755\0" + "0000001\0" + "0000002\0" + "00000000003\0" + "14524770400\0");
        assertThat(header.substring(156, 157)).isEqualTo("0");
        assertThat(header.substring(257, 265)).isEqualTo("ustar\00000");
        assertThat(header.substring(265, 329)).isEqualTo("\0".repeat(64));
        assertThat(header.substring(329, 345)).isEqualTo("0000000\0" + "0000000\0");
    }

    @Test
    void emptyLayerIsAnEndMark() throws Exception {
        assertThat(write()).isEqualTo(new byte[1024]);
    }

    @Test
    void sizesBeyondEightGibibytesGoIntoPax() throws Exception {
        long size = 1L << 33;
        LayerEntry entry = LayerEntry.file(EntryPath.of("big"), 0644, size);
        CountingOutputStream out = new CountingOutputStream();
        TarLayerWriter writer = new TarLayerWriter(out);

        writer.put(entry, new Zeros(size));

        assertThat(out.head()).contains("size=8589934592\n");
        assertThat(out.count()).isEqualTo(3 * 512 + size);
    }

    @ParameterizedTest
    @ValueSource(strings = {".wh.a", "d/.wh.a", ".wh..wh..opq", ".wh.d/a", "a/.wh.d/b/c"})
    void refusesFilesNamedLikeWhiteouts(String name) {
        LayerEntry file = LayerEntry.file(EntryPath.of(name), 0644, 0);

        assertThatThrownBy(() -> write(file))
                .isInstanceOf(RefusedLayerException.class)
                .hasMessageContaining("a name that begins with .wh.");
    }

    @Test
    void refusesAttributesWhoseNamesPaxCannotHold() {
        TreeMap<String, Bytes> xattrs = new TreeMap<>();
        xattrs.put("user.a=b", Bytes.EMPTY);
        LayerEntry file = LayerEntry.file(EntryPath.of("a"), 0644, 0).withXattrs(xattrs);

        assertThatThrownBy(() -> write(file))
                .isInstanceOf(RefusedLayerException.class)
                .hasMessageContaining("user.a=b has an equals sign");
    }

    @Test
    void contentThatEndsEarlyIsAnError() {
        LayerEntry entry = LayerEntry.file(EntryPath.of("a"), 0644, 4);

        assertThatThrownBy(() -> write(entry))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a ended 1 bytes early");
    }

    private static byte[] write(LayerEntry... entries) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TarLayerWriter writer = new TarLayerWriter(out);
        LayerSource source = sink -> {
            for (LayerEntry entry : entries) {
                byte[] content = entry.size() == 0 ? new byte[0] : new byte[] {1, 2, 3};
                sink.put(entry, new ByteArrayInputStream(content));
            }
        };
        source.writeTo(writer);
        writer.finish();
        return out.toByteArray();
    }

    private static List<LayerEntry> read(byte[] tar) throws IOException {
        List<LayerEntry> entries = new ArrayList<>();
        new TarLayerReader(new ByteArrayInputStream(tar), LayerLimits.defaults(), "layer x")
                .writeTo((entry, _) -> entries.add(entry));
        return entries;
    }

    /** So many zeros, without holding them. */
    static final class Zeros extends InputStream {
        private long left;

        Zeros(long size) {
            this.left = size;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            int count = (int) Math.min(left, length);
            left -= count;
            return count == 0 ? -1 : count;
        }
    }

    private static final class CountingOutputStream extends java.io.OutputStream {
        private final StringBuilder head = new StringBuilder();
        private long count;

        long count() {
            return count;
        }

        String head() {
            return head.toString();
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            if (count < 1024) {
                head.append(new String(bytes, offset, Math.min(length, 1024), StandardCharsets.ISO_8859_1));
            }
            count += length;
        }
    }
}
