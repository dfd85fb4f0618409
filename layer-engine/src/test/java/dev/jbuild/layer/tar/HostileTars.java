package dev.jbuild.layer.tar;

import dev.jbuild.layer.LayerLimits;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Layers that every extractor must refuse, by what they try; the smallest of each kind. */
public final class HostileTars {
    private static final int ZEROS = 80 << 20;

    private HostileTars() {}

    /** The uncompressed tars. */
    public static Map<String, byte[]> all() {
        Map<String, byte[]> tars = new LinkedHashMap<>();
        tars.put("name-climbs", new TarBytes().file("../escaped", "x").end());
        tars.put(
                "pax-name-climbs",
                new TarBytes().pax("path", "a/../../escaped").entry("x", '0').end());
        tars.put("name-empty", new TarBytes().entry("", '0').end());
        tars.put("root-is-a-link", link(".", '2', "/tmp"));
        tars.put("hard-link-climbs", link("h", '1', "../../etc/passwd"));
        tars.put("hard-link-to-nothing", link("h", '1', "none"));
        tars.put("whiteout-of-parent", new TarBytes().entry(".wh...", '0').end());
        tars.put("whiteout-of-nothing", new TarBytes().entry(".wh.", '0').end());
        tars.put(
                "whiteout-with-content", new TarBytes().file(".wh.x", "content").end());
        tars.put("overlay-whiteout-device", new TarBytes().entry("c", '3').end());
        tars.put(
                "pax-nul-in-name",
                new TarBytes().pax("path", "a\0b").entry("x", '0').end());
        tars.put(
                "pax-size-negative",
                new TarBytes().pax("size", "-1").entry("x", '0').end());
        tars.put(
                "pax-key-twice",
                new TarBytes().pax("path", "a", "path", "b").entry("x", '0').end());
        tars.put("pax-global-name", global("path", "b"));
        tars.put(
                "id-past-the-last",
                new TarBytes().pax("uid", "4294967296").entry("x", '0').end());
        tars.put("sparse-of-2-to-60", sparse());
        tars.put(
                "file-is-no-parent",
                new TarBytes().file("f", "x").file("f/g", "y").end());
        tars.put("links-without-end", loop());
        tars.put(
                "goes-on-after-its-end",
                new TarBytes().file("a", "").raw(new byte[1024]).file("b", "").end());
        tars.put(
                "ends-in-the-middle",
                new TarBytes().header(new TarBytes.Header("a", '0').size(600)).open());
        putOversized(tars);
        return tars;
    }

    /** One byte, one name or one number more than there may be. */
    private static void putOversized(Map<String, byte[]> tars) {
        LayerLimits limits = LayerLimits.defaults();
        tars.put(
                "name-too-long",
                new TarBytes().pax("path", "n".repeat(256)).entry("x", '0').end());
        tars.put(
                "path-too-long",
                new TarBytes()
                        .pax("path", "p/".repeat(limits.maxPathBytes() / 2) + "p")
                        .entry("x", '0')
                        .end());
        tars.put(
                "pax-header-too-long",
                new TarBytes()
                        .extended('x', "1".repeat(limits.maxExtendedHeaderBytes() + 1))
                        .entry("x", '0')
                        .end());
        tars.put("attributes-too-many", attributes(limits.maxXattrs() + 1, "v"));
        tars.put("attribute-too-long", attributes(1, "v".repeat(limits.maxXattrBytes() + 1)));
        tars.put(
                "device-past-the-last",
                new TarBytes()
                        .header(new TarBytes.Header("d", '3').field(329, "0010000\0"))
                        .end());
    }

    private static byte[] attributes(int count, String value) {
        String[] records = new String[2 * count];
        for (int i = 0; i < count; i++) {
            records[2 * i] = "SCHILY.xattr.user.a" + i;
            records[2 * i + 1] = value;
        }
        return new TarBytes().pax(records).entry("x", '0').end();
    }

    /** Layers whose way leads out by links, for extractors that follow those; within the root they are right. */
    public static Map<String, byte[]> leadingOut() {
        Map<String, byte[]> tars = new LinkedHashMap<>();
        tars.put("through-an-absolute-link", through("/../../../../../../tmp"));
        tars.put("through-a-climbing-link", through("../../../../../../../tmp"));
        tars.put(
                "through-two-links",
                new TarBytes()
                        .header(new TarBytes.Header("a", '2').link(".."))
                        .header(new TarBytes.Header("b", '2').link("a/.."))
                        .file("b/escaped", "x")
                        .end());
        tars.put(
                "over-a-final-link",
                new TarBytes()
                        .header(new TarBytes.Header("f", '2').link("../escaped"))
                        .file("f", "x")
                        .end());
        tars.put(
                "whiteout-through-a-link",
                new TarBytes()
                        .header(new TarBytes.Header("l", '2').link("../.."))
                        .entry("l/.wh.kept", '0')
                        .end());
        tars.put(
                "hard-link-through-a-link",
                new TarBytes()
                        .header(new TarBytes.Header("etc/", '5').field(100, "0000755\0"))
                        .file("etc/passwd", "inside")
                        .header(new TarBytes.Header("l", '2').link("/etc"))
                        .header(new TarBytes.Header("h", '1').link("l/passwd"))
                        .end());
        return tars;
    }

    private static byte[] through(String target) {
        return new TarBytes()
                .header(new TarBytes.Header("l", '2').link(target))
                .file("l/escaped", "x")
                .end();
    }

    /** The tar of a file of zeros: past what may expand at any ratio, and by zstd thousands of times smaller than that. */
    public static byte[] zeros() {
        byte[] header = new TarBytes()
                .header(new TarBytes.Header("zeros", '0').size(ZEROS))
                .open();
        return Arrays.copyOf(header, header.length + ZEROS + 1024);
    }

    private static byte[] link(String name, char type, String target) {
        return new TarBytes()
                .header(new TarBytes.Header(name, type).link(target))
                .end();
    }

    private static byte[] global(String key, String value) {
        return new TarBytes()
                .extended('g', TarBytes.record(key, value))
                .entry("x", '0')
                .end();
    }

    private static byte[] sparse() {
        byte[] size = {(byte) 0x80, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0};
        return new TarBytes()
                .header(new TarBytes.Header("s", 'S').gnu().field(483, size))
                .end();
    }

    private static byte[] loop() {
        return new TarBytes()
                .header(new TarBytes.Header("a", '2').link("b"))
                .header(new TarBytes.Header("b", '2').link("a"))
                .file("a/x", "y")
                .end();
    }
}
