package dev.jbuild.layer.image;

import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.tar.EndlessTars;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.ContainerConfig;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.MediaTypes;
import dev.jbuild.oci.Platform;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program: {@code unpack KIND FOLDER} and {@code validate KIND FOLDER} take an image whose upper layer is one of
 * {@link EndlessTars}, made while it is read, and print what it is refused for and then the most memory that took, in KiB.
 */
final class HostileMemory {
    private static final String LOWER = "lower";

    private final Map<Digest, byte[]> blobs = new HashMap<>();
    private final EndlessTars kind;
    private final Descriptor upper;
    private final Descriptor image;

    private HostileMemory(EndlessTars kind) {
        this.kind = kind;
        byte[] lower = EndlessTars.lower();
        Descriptor lowerBlob = add(MediaTypes.OCI_LAYER, lower);
        // Its digest is nobody's: a source of blobs that says they are verified, as a store does.
        this.upper = new Descriptor(kind.mediaType(), Digest.of(LOWER.getBytes(StandardCharsets.UTF_8)), 1L << 40);
        Descriptor config = add(MediaTypes.OCI_CONFIG, config(lower).toBytes());
        this.image = add(
                MediaTypes.OCI_MANIFEST,
                Manifest.oci(config, List.of(lowerBlob, upper), Map.of()).toBytes());
    }

    public static void main(String[] arguments) throws IOException {
        HostileMemory hostile = new HostileMemory(EndlessTars.valueOf(arguments[1]));
        System.out.println(arguments[0].equals("unpack") ? hostile.unpack(Path.of(arguments[2])) : hostile.validate());
        System.out.println(peakKibibytes());
    }

    private String validate() {
        return String.join("\n", new ImageValidator(LayerLimits.defaults()).problems(this::open, image));
    }

    private String unpack(Path folder) throws IOException {
        BlobSource source = this::open;
        try {
            Manifest manifest = Manifest.parse(bytes(image), image.mediaType(), "manifest");
            ImageConfig config = ImageConfig.parse(bytes(manifest.config()), "config");
            new ImageUnpacker(Linux.system(), source, LayerLimits.defaults(), _ -> {})
                    .unpack(manifest, config, folder, "rootfs");
            return "";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private InputStream open(Descriptor blob) throws IOException {
        return blob.equals(upper) ? kind.open() : new ByteArrayInputStream(bytes(blob));
    }

    private byte[] bytes(Descriptor blob) {
        return blobs.getOrDefault(blob.digest(), new byte[0]);
    }

    private static ImageConfig config(byte[] lower) {
        return new ImageConfig(
                Platform.parse("linux/amd64"),
                Optional.empty(),
                "",
                ContainerConfig.EMPTY,
                List.of(Digest.of(lower), Digest.of(new byte[0])),
                List.of());
    }

    private Descriptor add(String mediaType, byte[] bytes) {
        Descriptor blob = Descriptor.of(mediaType, bytes);
        blobs.put(blob.digest(), bytes);
        return blob;
    }

    /** VmHWM is the most memory the process ever had (proc_pid_status(5)). */
    private static String peakKibibytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .findFirst()
                .orElseThrow()
                .replaceAll("\\D", "");
    }
}
