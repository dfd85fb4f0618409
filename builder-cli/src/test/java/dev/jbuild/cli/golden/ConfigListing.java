package dev.jbuild.cli.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jbuild.oci.Json;
import java.util.Map;
import java.util.TreeMap;

/** An image's config as it was written, less what differs from build to build and from machine to machine. */
final class ConfigListing {
    private ConfigListing() {}

    /** Indented JSON with sorted keys, without times, architecture and diff ids, of which the number stays. */
    static String of(BuiltImage image) {
        ObjectNode config = image.config().deepCopy();
        config.remove("created");
        config.remove("architecture");
        config.remove("variant");
        if (config.path("history").isNull()) {
            // Go's way to write an empty list.
            config.putArray("history");
        }
        config.path("history").forEach(entry -> ((ObjectNode) entry).remove("created"));
        config.put("layers", config.path("rootfs").path("diff_ids").size());
        config.remove("rootfs");
        return Json.pretty(sorted(config)) + "\n";
    }

    private static JsonNode sorted(JsonNode node) {
        if (node instanceof ObjectNode object) {
            Map<String, JsonNode> fields = new TreeMap<>();
            object.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
            return Json.object().setAll(fields);
        }
        if (node instanceof ArrayNode array) {
            ArrayNode elements = Json.array();
            array.forEach(element -> elements.add(sorted(element)));
            return elements;
        }
        return node;
    }
}
