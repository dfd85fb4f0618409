package dev.jbuild.layer.tar;

import static dev.jbuild.layer.tar.TarTrial.read;
import static dev.jbuild.layer.tar.TarTrial.refuses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layer.LayerLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Extended headers, PAX's and GNU's, made to be misread. */
class HostilePaxTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "path=x\n",
                "9 path=x",
                "99 path=x\n",
                "8 path=x\n",
                "0 path=x\n",
                "09 path=x\n",
                "-9 path=x\n",
                "9999999999 path=x\n",
                "99999999999999999999 path=x\n",
                "7 path=x\n",
                "4 =x\n",
                "5 =x\n",
                "7 path\n",
                "9path=x\n\n",
                "9 path=x\n9",
                // Right but for one thing each: no end of line, a zero in front, 2^32 too much.
                "9 path=xy",
                "011 path=x\n",
                "4294967314 path=x\n"
            })
    void refusesMalformedPaxRecords(String body) {
        refuses(new TarBytes().extended('x', body).entry("a", '0').end(), "extended", "PAX record");
    }

    @ParameterizedTest
    @ValueSource(strings = {"path", "linkpath", "size", "uid", "mtime", "SCHILY.xattr.user.a", "comment"})
    void refusesPaxKeysThatComeTwice(String key) {
        refuses(
                new TarBytes().pax(key, "1", key, "2").entry("a", '0').end(),
                "extended",
                "the PAX key " + key + " comes twice");
    }

    @Test
    void refusesNulsInPaxNamesAndKeys() {
        refuses(
                new TarBytes().pax("path", "a\0b").entry("a", '0').end(),
                "extended",
                "the PAX value of path holds a NUL");
        refuses(new TarBytes().pax("linkpath", "a\0b").entry("a", '2').end(), "extended", "holds a NUL");
        refuses(new TarBytes().pax("pa\0th", "a").entry("a", '0').end(), "extended", "a PAX key holds a NUL");
    }

    @Test
    void refusesPaxKeysThatAreNoText() {
        refuses(
                new TarBytes()
                        .pax("SCHILY.xattr.user.\u00ff", "a")
                        .entry("a", '0')
                        .end(),
                "extended",
                "not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1e3", "0x10", " 1", "1.5", "9223372036854775808", "99999999999999999999", "\u0661"})
    void refusesPaxSizesThatAreNoNumbers(String size) {
        refuses(new TarBytes().pax("size", size).entry("a", '0').end(), "a", "the PAX value of size");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e400", "nan", "inf", "1.2.3", "-", "1,5", "0x1", "9223372036854775808"})
    void refusesPaxTimesThatAreNoDecimals(String time) {
        refuses(new TarBytes().pax("mtime", time).entry("a", '0').end(), "a", "the PAX value of mtime");
    }

    @ParameterizedTest
    @ValueSource(strings = {"path", "size", "uid", "mtime", "SCHILY.xattr.user.a", "GNU.sparse.major"})
    void refusesGlobalHeadersThatChangeLaterEntries(String key) {
        refuses(
                new TarBytes()
                        .extended('g', TarBytes.record(key, "1"))
                        .file("a", "")
                        .end(),
                "extended",
                "a global extended header sets " + key);
    }

    @Test
    void refusesTwoNamesForOneEntry() {
        refuses(
                new TarBytes()
                        .pax("path", "b")
                        .extended('L', "c\0")
                        .entry("a", '0')
                        .end(),
                "a",
                "given twice");
        refuses(
                new TarBytes()
                        .pax("linkpath", "b")
                        .extended('K', "c\0")
                        .entry("a", '2')
                        .end(),
                "a",
                "given twice");
        refuses(
                new TarBytes()
                        .extended('L', "b\0")
                        .extended('L', "c\0")
                        .entry("a", '0')
                        .end(),
                "extended",
                "comes twice");
        refuses(
                new TarBytes().pax("path", "b").pax("uid", "1").entry("a", '0').end(),
                "extended",
                "two extended headers");
    }

    @Test
    void refusesGnuNamesThatHideSomethingBehindANul() {
        refuses(new TarBytes().extended('L', "a\0b\0").entry("a", '0').end(), "extended", "holds a NUL");
        refuses(new TarBytes().extended('L', "\0").entry("a", '0').end(), "extended", "empty");
    }

    @Test
    void refusesExtendedHeadersWithoutTheirEntry() {
        refuses(new TarBytes().pax("path", "a").end(), "extended", "an extended header without its entry");
        refuses(new TarBytes().extended('L', "a\0").open(), "extended", "an extended header without its entry");
    }

    @ParameterizedTest
    @ValueSource(chars = {'x', 'g', 'L', 'K'})
    void refusesExtendedHeadersOfOneByteTooMuchBeforeReadingThem(char type) {
        refuses(
                new TarBytes()
                        .header(new TarBytes.Header("a", type).size((1 << 20) + 1))
                        .open(),
                "a",
                "the limit (maxExtendedHeaderBytes) is 1048576");
        refuses(
                new TarBytes()
                        .header(new TarBytes.Header("a", type).size(1L << 32))
                        .open(),
                "a",
                "the limit (maxExtendedHeaderBytes) is 1048576");
    }

    @Test
    void refusesXattrsOfOneByteOrOneAttributeTooMuch() throws Exception {
        String value = "v".repeat(64 << 10);
        assertThat(read(
                        new TarBytes()
                                .pax("SCHILY.xattr.user.a", value)
                                .entry("a", '0')
                                .end(),
                        LayerLimits.defaults()))
                .hasSize(1);
        refuses(
                new TarBytes()
                        .pax("SCHILY.xattr.user.a", value + "v")
                        .entry("a", '0')
                        .end(),
                "a",
                "the limit (maxXattrBytes) is 65536");

        String[] many = new String[2 * 129];
        for (int i = 0; i < 129; i++) {
            many[2 * i] = "SCHILY.xattr.user.a" + i;
            many[2 * i + 1] = "v";
        }
        refuses(
                new TarBytes().pax(many).entry("a", '0').end(),
                "a",
                "129 extended attributes; the limit (maxXattrs) is 128");
    }
}
