package dev.jbuild.oci;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A list of manifests, usually one for each platform (OCI image-spec "Image Index"). */
public record Index(String mediaType, List<Entry> entries, Map<String, String> annotations) {
    /** The most entries that are read. */
    public static final int MAX_ENTRIES = 10_000;

    /** A manifest, and the platform it is for when the index says so. */
    public record Entry(Descriptor manifest, Optional<Platform> platform) {}

    public Index {
        entries = List.copyOf(entries);
        annotations = Map.copyOf(annotations);
    }

    /** An OCI index. */
    public static Index oci(List<Entry> entries) {
        return new Index(MediaTypes.OCI_INDEX, entries, Map.of());
    }

    /** Parses an index; the parameters are those of {@link Manifest#parse}. */
    public static Index parse(byte[] document, String expectedType, String what) throws IOException {
        JsonNode root = Json.parseObject(document, Manifest.MAX_BYTES, what);
        Documents.requireType(root, expectedType, what);
        if (root.has("layers") || root.has("config")) {
            throw new IOException(what + " is an index and a manifest at once (CVE-2021-41190): refused");
        }
        JsonNode manifests = root.path("manifests");
        List<Descriptor> descriptors = Descriptors.parseAll(manifests, MAX_ENTRIES, what + " manifests");
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < descriptors.size(); i++) {
            entries.add(new Entry(descriptors.get(i), platform(manifests.get(i).path("platform"), what)));
        }
        return new Index(expectedType, entries, Json.textMap(root, "annotations"));
    }

    /** The first image for a platform; attestations ({@code unknown/unknown}) never match. */
    public Optional<Descriptor> select(Platform wanted) {
        return entries.stream()
                .filter(entry -> entry.platform().filter(wanted::accepts).isPresent())
                .map(Entry::manifest)
                .findFirst();
    }

    /** The document; equal indexes give equal bytes. */
    public byte[] toBytes() {
        ObjectNode root = Json.object();
        root.put("schemaVersion", 2);
        root.put("mediaType", mediaType);
        ArrayNode manifests = root.putArray("manifests");
        for (Entry entry : entries) {
            ObjectNode node = Descriptors.toJson(entry.manifest());
            entry.platform().ifPresent(platform -> node.set("platform", toJson(platform)));
            manifests.add(node);
        }
        Descriptors.putAnnotations(root, annotations);
        return Json.bytes(root);
    }

    private static ObjectNode toJson(Platform platform) {
        ObjectNode node = Json.object();
        node.put("architecture", platform.architecture());
        node.put("os", platform.os());
        if (!platform.variant().isEmpty()) {
            node.put("variant", platform.variant());
        }
        return node;
    }

    private static Optional<Platform> platform(JsonNode node, String what) throws IOException {
        if (!node.isObject()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Platform(Json.text(node, "os"), Json.text(node, "architecture"), Json.text(node, "variant")));
        } catch (IllegalArgumentException e) {
            throw new IOException(what + ": " + e.getMessage(), e);
        }
    }
}
