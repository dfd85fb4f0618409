package dev.jbuild.core.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jbuild.layer.image.LayoutName;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The file of a bundle that says what was unpacked into it.
 *
 * @param layout where the image lies; its folder is absolute
 * @param manifest of the image for one platform
 */
public record BundleOrigin(LayoutName layout, Descriptor manifest) {
    private static final String FILE = "jbuild.json";
    private static final int MAX_BYTES = 64 << 10;
    private static final int VERSION = 1;

    /** @throws IOException when the folder is no bundle */
    public static BundleOrigin read(Path bundle) throws IOException {
        Path file = bundle.resolve(FILE);
        try (InputStream in = Files.newInputStream(file)) {
            return parse(in.readNBytes(MAX_BYTES + 1), file.toString());
        } catch (NoSuchFileException e) {
            throw new IOException(
                    bundle + " is no bundle, it has no " + FILE + ": `jbuild image unpack` without --raw makes one", e);
        }
    }

    /** Writes the file, replacing an earlier one in one step. */
    public void writeTo(Path bundle) throws IOException {
        ObjectNode root = Json.object();
        root.put("version", VERSION);
        root.put("image", layout.toString());
        ObjectNode descriptor = root.putObject("manifest");
        descriptor.put("mediaType", manifest.mediaType());
        descriptor.put("digest", manifest.digest().toString());
        descriptor.put("size", manifest.size());
        Path temporary = bundle.resolve("." + FILE);
        Files.write(temporary, Json.bytes(root));
        Files.move(temporary, bundle.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    }

    private static BundleOrigin parse(byte[] document, String what) throws IOException {
        JsonNode root = Json.parseObject(document, MAX_BYTES, what);
        if (root.path("version").asInt() != VERSION) {
            throw new IOException(what + " is of another version than " + VERSION);
        }
        JsonNode manifest = root.path("manifest");
        try {
            return new BundleOrigin(
                    LayoutName.parse(Json.text(root, "image")),
                    new Descriptor(
                            Json.text(manifest, "mediaType"),
                            Digest.parse(Json.text(manifest, "digest")),
                            manifest.path("size").asLong()));
        } catch (IllegalArgumentException e) {
            throw new IOException(what + ": " + e.getMessage(), e);
        }
    }
}
