package dev.jbuild.layer.tar;

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
        return tars;
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
