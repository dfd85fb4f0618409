package dev.jbuild.layer.image;

import com.github.luben.zstd.Zstd;
import dev.jbuild.layer.tar.HostileTars;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.ContainerConfig;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.MediaTypes;
import dev.jbuild.oci.Platform;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes images to try extractors with, ours and others': {@code FOLDER/NAME.tar} and, with that as its only layer, the layout
 * {@code FOLDER/NAME}, tagged {@code latest}.
 */
final class HostileImages {
    /** The beginning of a frame (RFC 8878, 3.1.1) and a raw block of three bytes. */
    private static final byte[] ZSTD_WINDOW_OF_256_MIB = {
        0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) ((28 - 10) << 3), 3 << 3 | 1, 0, 0, 'a', 'b', 'c'
    };

    /** What each is refused for: its entry, if it is one entry's fault, and the rule. */
    private static final Map<String, String> REFUSALS = Map.ofEntries(
            Map.entry("name-climbs", "../escaped: a path holds \"..\": ../escaped"),
            Map.entry("pax-name-climbs", "a/../../escaped: a path holds \"..\": a/../../escaped"),
            Map.entry("name-empty", "an entry without a name"),
            Map.entry("root-is-a-link", ".: the root must be a directory"),
            Map.entry("hard-link-climbs", "h: a path holds \"..\": ../../etc/passwd"),
            Map.entry("hard-link-to-nothing", "h: a hard link must name an entry of this image: none"),
            Map.entry("whiteout-of-parent", ".wh...: a whiteout of \"..\""),
            Map.entry("whiteout-of-nothing", ".wh.: a whiteout of nothing, or of a whiteout"),
            Map.entry("whiteout-with-content", ".wh.x: a whiteout with content"),
            Map.entry("overlay-whiteout-device", "c: the character device 0:0, which overlayfs takes for a whiteout"),
            Map.entry("pax-nul-in-name", "extended: the PAX value of path holds a NUL"),
            Map.entry("pax-size-negative", "x: the PAX value of size is not a number in range: \"-1\""),
            Map.entry("pax-key-twice", "extended: the PAX key path comes twice"),
            Map.entry("pax-global-name", "extended: a global extended header sets path; only comment may be"),
            Map.entry("id-past-the-last", "x: the uid 4294967296 is not in 0 to 2^32-2"),
            Map.entry("sparse-of-2-to-60", "s: files of more than 34359738368 bytes in all (maxBytes)"),
            Map.entry("file-is-no-parent", "f/g: f is in its way and is no directory"),
            Map.entry("links-without-end", "a/x: its parents are links without end"),
            Map.entry("goes-on-after-its-end", "the archive goes on after its end mark"),
            Map.entry("ends-in-the-middle", "a: the archive ends in the middle of an entry"),
            Map.entry("name-too-long", "n".repeat(256) + ": its name is longer than this file system takes"),
            Map.entry("path-too-long", "x: a path of 65537 bytes; the limit (maxPathBytes) is 65536"),
            Map.entry(
                    "pax-header-too-long",
                    "extended: an extended header of 1048577 bytes; the limit (maxExtendedHeaderBytes) is 1048576"),
            Map.entry("attributes-too-many", "x: 129 extended attributes; the limit (maxXattrs) is 128"),
            Map.entry(
                    "attribute-too-long",
                    "x: an extended attribute of 65537 bytes; the limit (maxXattrBytes) is 65536"),
            Map.entry("device-past-the-last", "d: the device 4096:0 is out of range"),
            Map.entry(
                    "zstd-window-too-large",
                    "a zstd window of 268435456 bytes; the limit (maxZstdWindowBytes) is 134217728"),
            Map.entry("bomb", "it expands to more than 2000 times its size (maxRatio)"));

    private HostileImages() {}

    /** What an image is refused for, by its name, as the line says it after {@code is refused: }. */
    static String refusal(String name) {
        return REFUSALS.getOrDefault(name, "unknown");
    }

    /** The layouts, by what their layers try. */
    static Map<String, Path> writeTo(Path folder) throws IOException {
        Files.createDirectories(folder);
        Map<String, Path> layouts = write(HostileTars.all(), folder);
        Path bomb = folder.resolve("bomb");
        byte[] zeros = HostileTars.zeros();
        write(bomb, MediaTypes.OCI_LAYER_ZSTD, Zstd.compress(zeros), Digest.of(zeros));
        layouts.put("bomb", bomb);
        Path window = folder.resolve("zstd-window-too-large");
        write(window, MediaTypes.OCI_LAYER_ZSTD, ZSTD_WINDOW_OF_256_MIB, Digest.of(new byte[0]));
        layouts.put("zstd-window-too-large", window);
        return layouts;
    }

    /** Those that are right within their root and lead out of it where links are followed. */
    static Map<String, Path> writeThoseLeadingOut(Path folder) throws IOException {
        Files.createDirectories(folder);
        return write(HostileTars.leadingOut(), folder);
    }

    private static Map<String, Path> write(Map<String, byte[]> tars, Path folder) throws IOException {
        Map<String, Path> layouts = new LinkedHashMap<>();
        for (Map.Entry<String, byte[]> tar : tars.entrySet()) {
            Files.write(folder.resolve(tar.getKey() + ".tar"), tar.getValue());
            Path layout = folder.resolve(tar.getKey());
            write(layout, MediaTypes.OCI_LAYER, tar.getValue(), Digest.of(tar.getValue()));
            layouts.put(tar.getKey(), layout);
        }
        return layouts;
    }

    private static void write(Path place, String mediaType, byte[] layer, Digest diffId) throws IOException {
        Map<Digest, byte[]> blobs = new HashMap<>();
        ImageConfig config = new ImageConfig(
                Platform.parse("linux/amd64"), Optional.empty(), "", ContainerConfig.EMPTY, List.of(diffId), List.of());
        Descriptor layerBlob = add(blobs, mediaType, layer);
        Descriptor configBlob = add(blobs, MediaTypes.OCI_CONFIG, config.toBytes());
        byte[] manifest = Manifest.oci(configBlob, List.of(layerBlob), Map.of()).toBytes();
        Descriptor image = add(blobs, MediaTypes.OCI_MANIFEST, manifest);
        BlobSource source = blob -> new ByteArrayInputStream(blobs.getOrDefault(blob.digest(), new byte[0]));
        try (OciLayout layout = OciLayout.create(place, Linux.system())) {
            for (Descriptor blob : List.of(layerBlob, configBlob, image)) {
                layout.accept(blob, source);
            }
            layout.putImage(image, List.of(ImageName.parse("latest")));
        }
    }

    private static Descriptor add(Map<Digest, byte[]> blobs, String mediaType, byte[] bytes) {
        Descriptor blob = Descriptor.of(mediaType, bytes);
        blobs.put(blob.digest(), bytes);
        return blob;
    }
}
