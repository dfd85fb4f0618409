package dev.jbuild.oci;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON as trees, read strictly: no duplicate keys (two readers must not see two documents, CVE-2021-41190's class), no
 * trailing text, bounded depth and size. Trees, because binding by reflection costs start-up time.
 */
public final class Json {
    /** The deepest nesting that is read. */
    public static final int MAX_DEPTH = 64;

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Json() {}

    /**
     * Parses one document of at most {@code limit} bytes.
     *
     * @param what names the document in messages
     * @throws IOException when it is longer, or not one strict JSON value
     */
    public static JsonNode parse(byte[] document, int limit, String what) throws IOException {
        if (document.length > limit) {
            throw new IOException(what + " has " + document.length + " bytes; the limit is " + limit);
        }
        try {
            JsonNode node = MAPPER.readTree(document);
            if (node == null || node.isMissingNode()) {
                throw new IOException(what + " is empty, not a JSON document");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw new IOException(what + " is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** As {@link #parse}, and the document is an object. */
    public static JsonNode parseObject(byte[] document, int limit, String what) throws IOException {
        JsonNode node = parse(document, limit, what);
        if (!node.isObject()) {
            throw new IOException(what + " is not a JSON object");
        }
        return node;
    }

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /** An array of these strings. */
    public static ArrayNode array(Iterable<String> values) {
        ArrayNode array = array();
        values.forEach(array::add);
        return array;
    }

    /** An object of these strings, in the map's order. */
    public static ObjectNode object(Map<String, String> values) {
        ObjectNode object = object();
        values.forEach(object::put);
        return object;
    }

    /** The compact UTF-8 form; fields stand in the order in which they were put. */
    public static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree that cannot be written", e);
        }
    }

    /** The indented form, for people. */
    public static String pretty(JsonNode node) {
        return node.toPrettyString();
    }

    /** The text at {@code key}; empty when absent or null. */
    public static String text(JsonNode object, String key) throws IOException {
        JsonNode value = object.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        if (!value.isTextual()) {
            throw new IOException("\"" + key + "\" is not a string");
        }
        return value.textValue();
    }

    /** The strings of the array at {@code key}; empty when absent or null. */
    public static List<String> texts(JsonNode object, String key) throws IOException {
        JsonNode value = object.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return List.of();
        }
        if (!value.isArray()) {
            throw new IOException("\"" + key + "\" is not an array");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode element : value) {
            if (!element.isTextual()) {
                throw new IOException("\"" + key + "\" holds something other than strings");
            }
            texts.add(element.textValue());
        }
        return texts;
    }

    /** The string-to-string object at {@code key}, in document order; empty when absent or null. */
    public static Map<String, String> textMap(JsonNode object, String key) throws IOException {
        JsonNode value = object.path(key);
        Map<String, String> map = new LinkedHashMap<>();
        if (value.isMissingNode() || value.isNull()) {
            return map;
        }
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            if (!field.getValue().isTextual()) {
                throw new IOException("\"" + key + "\" holds something other than strings");
            }
            map.put(field.getKey(), field.getValue().textValue());
        }
        return map;
    }
}
