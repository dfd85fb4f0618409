package dev.jbuild.oci;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * An image manifest: one config and its layers, lowest first (OCI image-spec "Image Manifest"; Docker's schema 2 is the
 * same shape under other media types).
 */
public record Manifest(String mediaType, Descriptor config, List<Descriptor> layers, Map<String, String> annotations) {
    /** The largest manifest or index that is read, in bytes. */
    public static final int MAX_BYTES = 4 << 20;

    /** The most layers an image may have: what overlayfs stacks. */
    public static final int MAX_LAYERS = 500;

    public Manifest {
        layers = List.copyOf(layers);
        annotations = Map.copyOf(annotations);
    }

    /** An OCI manifest. */
    public static Manifest oci(Descriptor config, List<Descriptor> layers, Map<String, String> annotations) {
        return new Manifest(MediaTypes.OCI_MANIFEST, config, layers, annotations);
    }

    /**
     * Parses a manifest.
     *
     * @param expectedType the media type of its descriptor or Content-Type; a type inside must agree with it
     * @param what names the document in messages
     */
    public static Manifest parse(byte[] document, String expectedType, String what) throws IOException {
        JsonNode root = Json.parseObject(document, MAX_BYTES, what);
        Documents.requireType(root, expectedType, what);
        if (root.has("manifests")) {
            throw new IOException(what + " is a manifest and an index at once (CVE-2021-41190): refused");
        }
        return new Manifest(
                expectedType,
                Descriptors.parse(root.path("config"), what + " config"),
                Descriptors.parseAll(root.path("layers"), MAX_LAYERS, what + " layers"),
                Json.textMap(root, "annotations"));
    }

    /** The document; equal manifests give equal bytes. */
    public byte[] toBytes() {
        ObjectNode root = Json.object();
        root.put("schemaVersion", 2);
        root.put("mediaType", mediaType);
        root.set("config", Descriptors.toJson(config));
        root.set("layers", Descriptors.toJson(layers));
        Descriptors.putAnnotations(root, annotations);
        return Json.bytes(root);
    }
}
