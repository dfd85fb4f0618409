package dev.jbuild.layer.tar;

import static dev.jbuild.layer.tar.TarTrial.NO_ENTRY;
import static dev.jbuild.layer.tar.TarTrial.read;
import static dev.jbuild.layer.tar.TarTrial.refuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.RefusedLayerException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers made to be misread; each is refused by a sentence that names the layer, the entry and the rule. */
class HostileTarTest {
    private static final byte[] MINUS_ONE = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};

    @ParameterizedTest
    @ValueSource(strings = {"..", "../x", "a/../b", "a/..", "/../x", "./../x"})
    void refusesNamesThatClimb(String name) {
        refuses(new TarBytes().file(name, "").end(), name, "a path holds \"..\"");
        refuses(new TarBytes().pax("path", name).entry("x", '0').end(), name, "a path holds \"..\"");
        refuses(new TarBytes().extended('L', name + "\0").entry("x", '0').end(), name, "a path holds \"..\"");
    }

    @Test
    void refusesEntriesWithoutAName() {
        refuses(new TarBytes().entry("", '0').end(), NO_ENTRY, "without a name");
    }

    @ParameterizedTest
    @ValueSource(chars = {'0', '1', '2', '6'})
    void refusesARootThatIsNoDirectory(char type) {
        refuses(
                new TarBytes()
                        .header(new TarBytes.Header(".", type).link("/etc"))
                        .end(),
                ".",
                "the root must be a directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/passwd", "a/../../x"})
    void refusesHardLinksThatClimb(String target) {
        refuses(
                new TarBytes()
                        .header(new TarBytes.Header("h", '1').link(target))
                        .end(),
                "h",
                "a path holds \"..\"");
        refuses(new TarBytes().pax("linkpath", target).entry("h", '1').end(), "h", "a path holds \"..\"");
        refuses(new TarBytes().extended('K', target + "\0").entry("h", '1').end(), "h", "a path holds \"..\"");
    }

    @Test
    void takesAbsoluteHardLinksBelowTheRoot() throws Exception {
        List<LayerEntry> entries = read(
                new TarBytes()
                        .header(new TarBytes.Header("h", '1').link("/etc/passwd"))
                        .end(),
                LayerLimits.defaults());

        assertThat(entries.getFirst().hardLinkTarget()).hasToString("etc/passwd");
    }

    @ParameterizedTest
    @ValueSource(chars = {'1', '2'})
    void refusesLinksToNothing(char type) {
        refuses(new TarBytes().entry("l", type).end(), "l", "link target missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {".wh.", ".wh..", ".wh...", "a/.wh...", ".wh..wh.", ".wh..wh.x", "a/.wh..wh.plnk"})
    void refusesWhiteoutsOfParentsNothingAndWhiteouts(String name) {
        refuses(new TarBytes().file(name, "").end(), name, "a whiteout of");
    }

    @Test
    void refusesWhatLiesBelowAWhiteout() {
        refuses(new TarBytes().file(".wh.d/x", "").end(), ".wh.d/x", "an entry below a whiteout");
        refuses(new TarBytes().file(".wh.d/.wh.x", "").end(), ".wh.d/.wh.x", "an entry below a whiteout");
    }

    @Test
    void refusesWhiteoutsWithContent() {
        refuses(new TarBytes().file(".wh.x", "content").end(), ".wh.x", "a whiteout with content");
    }

    @Test
    void refusesOverlaysOwnWhiteoutDevice() {
        refuses(new TarBytes().entry("c", '3').end(), "c", "the character device 0:0");
    }

    @ParameterizedTest
    @CsvSource({"0010000, 0000000", "0000001, 4000000"})
    void refusesDeviceNumbersThatLinuxLacks(String major, String minor) {
        refuses(
                new TarBytes()
                        .header(new TarBytes.Header("c", '4')
                                .field(329, major + "\0")
                                .field(337, minor + "\0"))
                        .end(),
                "c",
                "is out of range");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4294967295", "4294967296", "18446744073709551616", "-1"})
    void refusesIdsBeyondThoseOfLinux(String id) {
        refuses(new TarBytes().pax("uid", id).entry("a", '0').end(), "a", "uid");
        refuses(new TarBytes().pax("gid", id).entry("a", '0').end(), "a", "gid");
    }

    @Test
    void refusesNegativeNumbersInHeaders() {
        refuses(
                new TarBytes()
                        .header(new TarBytes.Header("a", '0').field(124, MINUS_ONE))
                        .end(),
                "a",
                "a negative size");
        refuses(
                new TarBytes()
                        .header(new TarBytes.Header("a", '0').field(108, Arrays.copyOf(MINUS_ONE, 8)))
                        .end(),
                "a",
                "the uid -1");
    }

    @Test
    void refusesNumbersThatOverflow() {
        byte[] huge = {(byte) 0x80, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        refuses(
                new TarBytes()
                        .header(new TarBytes.Header("a", '0').field(124, huge))
                        .end(),
                "a",
                "overflows 64 bits");
    }

    @Test
    void refusesFieldsThatAreNotOctal() {
        refuses(
                new TarBytes()
                        .header(new TarBytes.Header("a", '0').field(100, "0000888\0"))
                        .end(),
                "a",
                "the field mode is not an octal number");
    }

    @Test
    void refusesWrongChecksums() {
        refuses(
                new TarBytes()
                        .header(new TarBytes.Header("a", '0').checksum("000001\0 "))
                        .end(),
                NO_ENTRY,
                "checksum is wrong");
        refuses(
                "this is no tar archive at all".repeat(50).substring(0, 1024).getBytes(StandardCharsets.UTF_8),
                NO_ENTRY,
                "checksum");
    }

    /** Go skips no content there, others do: the next header would be another for each. */
    @ParameterizedTest
    @ValueSource(chars = {'1', '2', '3', '4', '5', '6'})
    void refusesContentInWhatIsNoFile(char type) {
        refuses(
                new TarBytes()
                        .header(new TarBytes.Header("a", type).link("b").size(512))
                        .file("smuggled", "")
                        .end(),
                "a",
                "content in an entry that is no file");
    }

    @Test
    void refusesPathsOfOneByteTooMuch() throws Exception {
        String longest = "p/".repeat(32768);
        assertThat(read(new TarBytes().pax("path", longest).entry("a", '5').end(), LayerLimits.defaults()))
                .hasSize(1);

        refuses(
                new TarBytes().pax("path", longest + "p").entry("a", '0').end(),
                "a",
                "the limit (maxPathBytes) is 65536");
        refuses(
                new TarBytes().pax("linkpath", longest + "p").entry("a", '2').end(),
                "a",
                "the limit (maxPathBytes) is 65536");
    }

    @Test
    void refusesOneEntryTooMany() throws Exception {
        LayerLimits two = LayerLimits.defaults().withMaxEntries(2);
        TarBytes tar = new TarBytes().file("a", "").file("b", "");

        assertThat(read(tar.open(), two)).hasSize(2);
        assertThatThrownBy(() -> read(tar.file("c", "").end(), two)).hasMessageContaining("more than 2 entries");
    }

    @Test
    void refusesOneByteTooMuchInAllFilesTogether() throws Exception {
        LayerLimits five = LayerLimits.defaults().withMaxBytes(5);

        assertThat(read(new TarBytes().file("a", "12").file("b", "345").end(), five))
                .hasSize(2);
        assertThatThrownBy(() ->
                        read(new TarBytes().file("a", "12").file("b", "3456").end(), five))
                .isInstanceOf(RefusedLayerException.class)
                .hasMessageContaining("b: files of more than 5 bytes");
    }

    @Test
    void refusesSizesThatOnlyAddUpByOverflowing() {
        refuses(
                new TarBytes()
                        .file("a", "x")
                        .pax("size", "999999999999999999")
                        .entry("b", '0')
                        .end(),
                "b",
                "files of more than");
    }

    @Test
    void refusesTheOldSparseFileThatClaims2To60Bytes() {
        refuses(
                new TarBytes()
                        .header(new TarBytes.Header("s", 'S')
                                .gnu()
                                .field(483, new byte[] {(byte) 0x80, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0}))
                        .end(),
                "s",
                "files of more than");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // overlapping, out of order, beyond the end, more than is stored, less than is stored, negative
                "2\n0\n2\n1\n1\n",
                "2\n5\n1\n0\n2\n",
                "1\n98\n3\n",
                "1\n0\n4\n",
                "1\n0\n2\n",
                "1\n-1\n3\n",
                "1\n0\n",
                "999999\n",
                "1\n9223372036854775807\n3\n",
                "99999999999999999999999\n",
                "x\n"
            })
    void refusesSparseMapsThatDoNotFit(String map) {
        refuses(
                new TarBytes()
                        .pax("GNU.sparse.major", "1", "GNU.sparse.minor", "0", "GNU.sparse.realsize", "100")
                        .header(new TarBytes.Header("s", '0').size(512 + 3))
                        .body(map)
                        .body("abc")
                        .end(),
                "s",
                "parse map");
    }

    @Test
    void refusesSparseMapsInExtensionBlocksWithoutEnd() {
        byte[] extension = new byte[512];
        extension[504] = 1;
        refuses(
                new TarBytes()
                        .header(new TarBytes.Header("s", 'S').gnu().field(482, "\1"))
                        .raw(extension)
                        .raw(extension)
                        .open(),
                "s",
                "ends in the middle of an entry");
    }

    @Test
    void refusesSparseMapsOfOnePieceTooManyBeforeReadingThem() {
        refuses(
                new TarBytes()
                        .pax("GNU.sparse.major", "1", "GNU.sparse.minor", "0", "GNU.sparse.realsize", "100")
                        .header(new TarBytes.Header("s", '0').size(512))
                        .body((SparseMap.MAX_PIECES + 1) + "\n" + "0".repeat(504))
                        .end(),
                "s",
                "more than 262144 pieces");
    }

    @Test
    void refusesOldSparseMapsOfOnePieceTooMany() {
        TarBytes tar = new TarBytes().header(new TarBytes.Header("s", 'S').gnu().field(482, "\1"));
        for (int piece = 0; piece <= SparseMap.MAX_PIECES; piece += 21) {
            tar.raw(extension(piece));
        }
        refuses(tar.open(), "s", "more than 262144 pieces");
    }

    /** Decimals of PAX have no sign and no such size; base 256 has both. The offset and the length of the first piece follow. */
    @ParameterizedTest
    @ValueSource(ints = {386, 386 + 12})
    void refusesOldSparseMapsWithNumbersOutOfRange(int field) {
        byte[] minusOne = new byte[12];
        Arrays.fill(minusOne, (byte) 0xff);
        byte[] greatest = {(byte) 0x80, 0, 0, 0, 0x7f, -1, -1, -1, -1, -1, -1, -1};
        for (byte[] number : List.of(minusOne, greatest)) {
            refuses(
                    new TarBytes()
                            .header(new TarBytes.Header("s", 'S')
                                    .gnu()
                                    .field(386, "00000000001")
                                    .field(386 + 12, "00000000001")
                                    .field(field, number))
                            .end(),
                    "s",
                    "a sparse map holds a number out of range");
        }
    }

    /** 21 pieces of a byte each with a byte between them, and more to come. */
    private static byte[] extension(int first) {
        StringBuilder fields = new StringBuilder();
        for (int i = 0; i < 21; i++) {
            fields.append(String.format(Locale.ROOT, "%011o\0%011o\0", 2L * (first + i), 1));
        }
        byte[] block = Arrays.copyOf(fields.toString().getBytes(StandardCharsets.ISO_8859_1), 512);
        block[504] = 1;
        return block;
    }

    @Test
    void refusesSparseFormsThatNobodyWritesAnyMore() {
        refuses(new TarBytes().pax("GNU.sparse.map", "0,1").file("s", "x").end(), "s", "another form than 1.0");
        refuses(
                new TarBytes()
                        .pax("GNU.sparse.size", "1")
                        .header(new TarBytes.Header("s", 'S').gnu())
                        .end(),
                "s",
                "mixed");
        refuses(new TarBytes().entry("s", 'S').end(), "s", "mixed format");
    }

    @Test
    void refusesArchivesThatGoOnAfterTheirEnd() {
        byte[] hidden = new TarBytes().file("hidden", "").end();
        refuses(
                new TarBytes().file("a", "").raw(new byte[1024]).raw(hidden).open(),
                NO_ENTRY,
                "goes on after its end mark");
        refuses(
                new TarBytes().file("a", "").raw(new byte[512]).raw(hidden).open(),
                NO_ENTRY,
                "goes on after its end mark");
    }

    @Test
    void refusesArchivesThatEndInTheMiddle() {
        byte[] tar = new TarBytes().file("a", "x".repeat(1000)).end();
        for (int length : new int[] {1, 511, 513, 600, 512 + 1000, 512 + 1023}) {
            refuses(Arrays.copyOf(tar, length), length < 512 ? NO_ENTRY : "a", "the archive ends in the middle of");
        }
    }

    @ParameterizedTest
    @ValueSource(chars = {'D', 'M', 'V', 'N', 'A', '8', 'Z', '\u00ff', '\u001b'})
    void refusesUnknownTypes(char type) {
        refuses(new TarBytes().entry("a", type).end(), "a", "an entry of the unknown type");
    }

    @Test
    void refusesFilesNamedLikeDirectories() {
        refuses(new TarBytes().file("a/", "x").end(), "a/", "a file whose name ends in a slash");
    }

    @Test
    void refusalNamesLayerEntryAndRuleWithoutControlCharacters() {
        assertThatThrownBy(() -> read(new TarBytes().file("a\u001b[2J/..", "").end(), LayerLimits.defaults()))
                .isInstanceOf(RefusedLayerException.class)
                .hasMessageStartingWith("layer x is refused: a\\x1b[2J/..: ");
    }
}
