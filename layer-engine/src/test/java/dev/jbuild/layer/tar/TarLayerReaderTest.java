package dev.jbuild.layer.tar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.Timestamp;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TarLayerReaderTest {
    private final List<LayerEntry> entries = new ArrayList<>();
    private final List<String> contents = new ArrayList<>();

    @Test
    void emptyArchiveHasNoEntries() throws Exception {
        read(new TarBytes().end());
        read(new byte[0]);

        assertThat(entries).isEmpty();
    }

    @Test
    void readsEveryKindOfEntry() throws Exception {
        read(new TarBytes()
                .entry("d/", '5')
                .file("d/f", "content")
                .header(new TarBytes.Header("d/s", '2').link("../x"))
                .header(new TarBytes.Header("d/h", '1').link("d/f"))
                .header(new TarBytes.Header("c", '3').field(329, "0000001\0").field(337, "0000003\0"))
                .header(new TarBytes.Header("b", '4').field(329, "0000010\0"))
                .entry("p", '6')
                .end());

        assertThat(entries)
                .containsExactly(
                        LayerEntry.directory(EntryPath.of("d"), 0644),
                        LayerEntry.file(EntryPath.of("d/f"), 0644, 7),
                        LayerEntry.symlink(EntryPath.of("d/s"), Bytes.of("../x"))
                                .withMode(0644),
                        LayerEntry.hardLink(EntryPath.of("d/h"), EntryPath.of("d/f"))
                                .withMode(0644),
                        LayerEntry.device(EntryPath.of("c"), LayerEntry.Type.CHAR_DEVICE, 0644, 1, 3),
                        LayerEntry.device(EntryPath.of("b"), LayerEntry.Type.BLOCK_DEVICE, 0644, 8, 0),
                        LayerEntry.of(EntryPath.of("p"), LayerEntry.Type.FIFO, 0644));
        assertThat(contents.get(1)).isEqualTo("content");
    }

    @Test
    void contentIsWhollySkippedWhenTheSinkDoesNotReadIt() throws Exception {
        byte[] tar = new TarBytes().file("a", "x".repeat(1500)).file("b", "y").end();

        new TarLayerReader(new ByteArrayInputStream(tar), LayerLimits.defaults(), "layer x")
                .writeTo((entry, _) -> entries.add(entry));

        assertThat(entries).extracting(LayerEntry::size).containsExactly(1500L, 1L);
    }

    @Test
    void namesAreTakenBelowTheRootInTheirShortestForm() throws Exception {
        read(new TarBytes()
                .entry("./", '5')
                .file("./a", "")
                .file("/etc//passwd", "")
                .file("x/./y", "")
                .end());

        assertThat(paths()).containsExactly(".", "a", "etc/passwd", "x/y");
    }

    @Test
    void ustarPrefixComesBeforeTheName() throws Exception {
        read(new TarBytes()
                .header(new TarBytes.Header("name", '0').field(345, "some/folder"))
                .end());

        assertThat(paths()).containsExactly("some/folder/name");
    }

    @Test
    void gnuHeadersHaveNoPrefixButTimesInItsPlace() throws Exception {
        read(new TarBytes()
                .header(new TarBytes.Header("name", '0').gnu().field(345, "14000000000\0"))
                .end());

        assertThat(paths()).containsExactly("name");
    }

    @Test
    void starKeepsTimesAtThePrefixesEnd() throws Exception {
        read(new TarBytes()
                .header(new TarBytes.Header("name", '0')
                        .field(345, "p")
                        .field(476, "14000000000 14000000000 ")
                        .field(508, "tar\0"))
                .end());

        assertThat(paths()).containsExactly("p/name");
    }

    @Test
    void v7ArchivesMarkDirectoriesByASlash() throws Exception {
        byte[] none = new byte[8];
        read(new TarBytes()
                .header(new TarBytes.Header("dir/", '\0').field(257, none))
                .header(new TarBytes.Header("file", '\0').field(257, none))
                .end());

        assertThat(entries)
                .extracting(LayerEntry::type)
                .containsExactly(LayerEntry.Type.DIRECTORY, LayerEntry.Type.FILE);
    }

    @Test
    void gnuLongNamesReplaceTheShort() throws Exception {
        String name = "n".repeat(300);
        read(new TarBytes()
                .extended('K', "t".repeat(200) + "\0")
                .extended('L', name + "\0")
                .header(new TarBytes.Header("short", '2').gnu().link("short"))
                .file("next", "")
                .end());

        assertThat(paths()).containsExactly(name, "next");
        assertThat(entries.getFirst().linkTarget()).isEqualTo(Bytes.of("t".repeat(200)));
    }

    @Test
    void paxValuesWinOverTheHeaders() throws Exception {
        read(new TarBytes()
                .pax(
                        "path", "long/name",
                        "size", "3",
                        "uid", "4294967294",
                        "gid", "3000000000",
                        "mtime", "1700000000.123456789123")
                .header(new TarBytes.Header("x", '0').size(600))
                .body("abc")
                .end());

        LayerEntry entry = entries.getFirst();
        assertThat(entry.path()).isEqualTo(EntryPath.of("long/name"));
        assertThat(contents).containsExactly("abc");
        assertThat(entry.uid()).isEqualTo(4294967294L);
        assertThat(entry.gid()).isEqualTo(3000000000L);
        assertThat(entry.mtime()).isEqualTo(new Timestamp(1700000000, 123456789));
    }

    @Test
    void emptyPaxValueMeansTheHeaders() throws Exception {
        read(new TarBytes().pax("path", "").entry("name", '0').end());

        assertThat(paths()).containsExactly("name");
    }

    @Test
    void timesBefore1970AreRead() throws Exception {
        byte[] minusTwo = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -2};
        read(new TarBytes()
                .header(new TarBytes.Header("a", '0').field(136, minusTwo))
                .pax("mtime", "-1.25")
                .entry("b", '0')
                .pax("mtime", "-3")
                .entry("c", '0')
                .end());

        assertThat(entries)
                .extracting(LayerEntry::mtime)
                .containsExactly(new Timestamp(-2, 0), new Timestamp(-2, 750_000_000), new Timestamp(-3, 0));
    }

    @Test
    void base256NumbersAreRead() throws Exception {
        byte[] id = {(byte) 0x80, 0, 0, 0, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xfe};
        read(new TarBytes().header(new TarBytes.Header("a", '0').field(108, id)).end());

        assertThat(entries.getFirst().uid()).isEqualTo(LayerEntry.MAX_ID);
    }

    @Test
    void fieldsMayBePaddedBySpacesAndNuls() throws Exception {
        read(new TarBytes()
                .header(new TarBytes.Header("a", '0').field(100, "  755 \0\0").field(108, "\0\0\0\0\0\0\0\0"))
                .end());

        assertThat(entries.getFirst().mode()).isEqualTo(0755);
        assertThat(entries.getFirst().uid()).isZero();
    }

    @Test
    void fileTypeBitsInTheModeAreDropped() throws Exception {
        read(new TarBytes()
                .header(new TarBytes.Header("a", '0').field(100, "0104755\0"))
                .end());

        assertThat(entries.getFirst().mode()).isEqualTo(04755);
    }

    @Test
    void xattrsHoldAnyBytes() throws Exception {
        read(new TarBytes()
                .pax("SCHILY.xattr.security.capability", "\1\0\n=\u00ff", "SCHILY.xattr.user.a", "")
                .entry("a", '0')
                .end());

        TreeMap<String, Bytes> expected = new TreeMap<>();
        expected.put("security.capability", Bytes.of(new byte[] {1, 0, '\n', '=', (byte) 0xff}));
        expected.put("user.a", Bytes.EMPTY);
        assertThat(entries.getFirst().xattrs()).isEqualTo(expected);
    }

    @Test
    void namesKeepBytesThatAreNoUtf8() throws Exception {
        read(new TarBytes()
                .file("\u00ff\u00fe", "")
                .pax("path", "\u00c3(" + "x".repeat(100))
                .entry("a", '0')
                .end());

        assertThat(entries.getFirst().path()).isEqualTo(EntryPath.of(new byte[] {(byte) 0xff, (byte) 0xfe}));
        assertThat(entries.get(1).path().toArray()).startsWith((byte) 0xc3, (byte) '(');
    }

    @Test
    void controlCharactersInNamesAreKeptButNotShown() throws Exception {
        read(new TarBytes().file("a\u001b[2Jb\n", "").end());

        assertThat(entries.getFirst().path().toArray()).contains(0x1b, '\n');
        assertThat(paths().getFirst().chars()).noneMatch(Character::isISOControl);
    }

    @Test
    void markersBecomeWhiteoutsAndOpaqueDirectories() throws Exception {
        read(new TarBytes()
                .file("d/.wh.gone", "")
                .file("d/.wh..wh..opq", "")
                .file(".wh..wh..opq", "")
                .file(".wh.a", "")
                .file(".wh...hidden", "")
                .end());

        assertThat(entries)
                .containsExactly(
                        LayerEntry.whiteout(EntryPath.of("d/gone")),
                        LayerEntry.opaque(EntryPath.of("d")),
                        LayerEntry.opaque(EntryPath.ROOT),
                        LayerEntry.whiteout(EntryPath.of("a")),
                        LayerEntry.whiteout(EntryPath.of("..hidden")));
    }

    @Test
    void aufsOwnFilesArePassedOverAsDockerDoes() throws Exception {
        read(new TarBytes()
                .entry(".wh..wh.plnk/", '5')
                .file(".wh..wh.plnk/12.34", "x")
                .file(".wh..wh.aufs", "")
                .file("kept", "")
                .end());

        assertThat(paths()).containsExactly("kept");
    }

    @Test
    void globalCommentIsPassedOver() throws Exception {
        read(new TarBytes()
                .extended('g', TarBytes.record("comment", "a git commit"))
                .file("a", "")
                .end());

        assertThat(paths()).containsExactly("a");
    }

    @Test
    void unknownPaxKeysArePassedOver() throws Exception {
        read(new TarBytes()
                .pax("atime", "1e3", "LIBARCHIVE.creationtime", "1", "SCHILY.fflags", "nodump", "hdrcharset", "BINARY")
                .entry("a", '0')
                .end());

        assertThat(paths()).containsExactly("a");
    }

    @Test
    void archiveWithoutEndMarkIsWholeAtABlocksEnd() throws Exception {
        read(new TarBytes().file("a", "x").open());

        assertThat(paths()).containsExactly("a");
    }

    @Test
    void readsToTheVeryEndSoThatADigestCoversAll() throws Exception {
        byte[] tar = new TarBytes().file("a", "x").raw(new byte[20 * 512]).open();
        ByteArrayInputStream in = new ByteArrayInputStream(tar);

        new TarLayerReader(in, LayerLimits.defaults(), "layer x").writeTo((_, _) -> {});

        assertThat(in.read()).isEqualTo(-1);
    }

    @Test
    void oldGnuSparseFilesAreExpanded() throws Exception {
        read(new TarBytes()
                .header(sparse("s", 4, 20)
                        .field(386, "00000000003\0" + "00000000002\0")
                        .field(410, "00000000012\0" + "00000000002\0"))
                .body("abcd")
                .end());

        assertThat(contents).containsExactly("\0\0\0ab\0\0\0\0\0cd\0\0\0\0\0\0\0\0");
        assertThat(entries.getFirst().size()).isEqualTo(20);
    }

    @Test
    void oldGnuSparseMapsGoOnInExtensionBlocks() throws Exception {
        byte[] extension = new byte[512];
        System.arraycopy("00000000005\00000000000001\0".getBytes(StandardCharsets.ISO_8859_1), 0, extension, 0, 24);
        read(new TarBytes()
                .header(sparse("s", 2, 6)
                        .field(386, "00000000000\0" + "00000000001\0")
                        .field(482, "\1"))
                .raw(extension)
                .body("ab")
                .end());

        assertThat(contents).containsExactly("a\0\0\0\0b");
    }

    @Test
    void paxSparseFilesOfForm1AreExpanded() throws Exception {
        String map = "2\n1\n2\n6\n1\n";
        read(new TarBytes()
                .pax(
                        "GNU.sparse.major", "1",
                        "GNU.sparse.minor", "0",
                        "GNU.sparse.name", "real/name",
                        "GNU.sparse.realsize", "8")
                .header(new TarBytes.Header("GNUSparseFile.1/name", '0').size(512 + 3))
                .body(map)
                .body("abc")
                .file("next", "n")
                .end());

        assertThat(paths()).containsExactly("real/name", "next");
        assertThat(contents).containsExactly("\0ab\0\0\0c\0", "n");
    }

    private static TarBytes.Header sparse(String name, long stored, long real) {
        return new TarBytes.Header(name, 'S')
                .gnu()
                .size(stored)
                .field(483, String.format(java.util.Locale.ROOT, "%011o\0", real));
    }

    private void read(byte[] tar) throws IOException {
        new TarLayerReader(new ByteArrayInputStream(tar), LayerLimits.defaults(), "layer x").writeTo((entry, in) -> {
            entries.add(entry);
            contents.add(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
        });
    }

    private List<String> paths() {
        return entries.stream().map(entry -> entry.path().toString()).toList();
    }
}
