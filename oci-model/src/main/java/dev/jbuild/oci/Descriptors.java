package dev.jbuild.oci;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Descriptors as JSON (OCI image-spec "Content Descriptors"). */
final class Descriptors {
    private Descriptors() {}

    static Descriptor parse(JsonNode node, String what) throws IOException {
        if (!node.isObject()) {
            throw new IOException(what + " is not a descriptor");
        }
        JsonNode size = node.path("size");
        if (!size.isIntegralNumber() || !size.canConvertToLong() || size.longValue() < 0) {
            throw new IOException(what + " has no valid size");
        }
        String mediaType = Json.text(node, "mediaType");
        if (mediaType.isEmpty()) {
            throw new IOException(what + " has no mediaType");
        }
        try {
            return new Descriptor(
                    mediaType,
                    Digest.parse(Json.text(node, "digest")),
                    size.longValue(),
                    Json.textMap(node, "annotations"));
        } catch (IllegalArgumentException e) {
            throw new IOException(what + ": " + e.getMessage(), e);
        }
    }

    static List<Descriptor> parseAll(JsonNode array, int limit, String what) throws IOException {
        if (!array.isArray()) {
            throw new IOException(what + " is not an array");
        }
        if (array.size() > limit) {
            throw new IOException(what + " has " + array.size() + " entries; the limit is " + limit);
        }
        List<Descriptor> descriptors = new ArrayList<>();
        for (JsonNode element : array) {
            descriptors.add(parse(element, what + "[" + descriptors.size() + "]"));
        }
        return descriptors;
    }

    static ObjectNode toJson(Descriptor descriptor) {
        ObjectNode node = Json.object();
        node.put("mediaType", descriptor.mediaType());
        node.put("digest", descriptor.digest().toString());
        node.put("size", descriptor.size());
        putAnnotations(node, descriptor.annotations());
        return node;
    }

    static ArrayNode toJson(List<Descriptor> descriptors) {
        ArrayNode array = Json.array();
        descriptors.forEach(descriptor -> array.add(toJson(descriptor)));
        return array;
    }

    /** Sorted: a map's own order must not reach a digest. */
    static void putAnnotations(ObjectNode node, Map<String, String> annotations) {
        if (!annotations.isEmpty()) {
            node.set("annotations", Json.object(new TreeMap<>(annotations)));
        }
    }
}
