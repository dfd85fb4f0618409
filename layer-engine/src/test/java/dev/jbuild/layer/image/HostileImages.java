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
 * {@code FOLDER/NAME}, tagged {@code latest}. A program; its argument is the folder.
 */
final class HostileImages {
    private HostileImages() {}

    public static void main(String[] arguments) throws IOException {
        writeTo(Path.of(arguments[0]));
    }

    /** The layouts, by what their layers try. */
    static Map<String, Path> writeTo(Path folder) throws IOException {
        Files.createDirectories(folder);
        Map<String, Path> layouts = new LinkedHashMap<>();
        for (Map.Entry<String, byte[]> tar : HostileTars.all().entrySet()) {
            Files.write(folder.resolve(tar.getKey() + ".tar"), tar.getValue());
            Path layout = folder.resolve(tar.getKey());
            write(layout, MediaTypes.OCI_LAYER, tar.getValue(), Digest.of(tar.getValue()));
            layouts.put(tar.getKey(), layout);
        }
        Path bomb = folder.resolve("bomb");
        byte[] zeros = HostileTars.zeros();
        write(bomb, MediaTypes.OCI_LAYER_ZSTD, Zstd.compress(zeros), Digest.of(zeros));
        layouts.put("bomb", bomb);
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
