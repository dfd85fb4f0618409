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

    private HostileImages() {}

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
