package dev.jbuild.oci;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.ByteArrayOutputStream;
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

    /** Without an object mapper, which reads and writes trees as this class does, but is made of calendars and reflection. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

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
        try (JsonParser in = FACTORY.createParser(document)) {
            if (in.nextToken() == null) {
                throw new IOException(what + " is empty, not a JSON document");
            }
            JsonNode node = read(in);
            if (in.nextToken() != null) {
                throw new IOException(what + " is not valid JSON: more follows after its end");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw new IOException(what + " is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** The value that the parser is at; its depth is the parser's to bound. */
    private static JsonNode read(JsonParser in) throws IOException {
        return switch (in.currentToken()) {
            case START_OBJECT -> readObject(in);
            case START_ARRAY -> readArray(in);
            case VALUE_STRING -> TextNode.valueOf(in.getText());
            case VALUE_NUMBER_INT -> readInteger(in);
            case VALUE_NUMBER_FLOAT -> readFraction(in);
            case VALUE_TRUE -> BooleanNode.TRUE;
            case VALUE_FALSE -> BooleanNode.FALSE;
            case VALUE_NULL -> NullNode.instance;
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
                throw new IllegalStateException("a JSON value that begins with " + in.currentToken());
        };
    }

    private static JsonNode readObject(JsonParser in) throws IOException {
        ObjectNode object = object();
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            in.nextToken();
            object.set(name, read(in));
        }
        return object;
    }

    private static JsonNode readArray(JsonParser in) throws IOException {
        ArrayNode array = array();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            array.add(read(in));
        }
        return array;
    }

    /** What is too large for a double would be no number any more when it is written. */
    private static JsonNode readFraction(JsonParser in) throws IOException {
        double value = in.getDoubleValue();
        if (!Double.isFinite(value)) {
            throw new IOException("a JSON number is larger than any that is read: " + in.getText());
        }
        return DoubleNode.valueOf(value);
    }

    private static JsonNode readInteger(JsonParser in) throws IOException {
        return switch (in.getNumberType()) {
            case INT -> IntNode.valueOf(in.getIntValue());
            case LONG -> LongNode.valueOf(in.getLongValue());
            case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> BigIntegerNode.valueOf(in.getBigIntegerValue());
        };
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
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
            write(node, out);
        } catch (IOException e) {
            throw new IllegalStateException("a JSON tree that cannot be written", e);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonNode node, JsonGenerator out) throws IOException {
        if (node.isObject()) {
            out.writeStartObject();
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                out.writeFieldName(field.getKey());
                write(field.getValue(), out);
            }
            out.writeEndObject();
        } else if (node.isArray()) {
            out.writeStartArray();
            for (JsonNode element : node) {
                write(element, out);
            }
            out.writeEndArray();
        } else {
            writeScalar(node, out);
        }
    }

    private static void writeScalar(JsonNode node, JsonGenerator out) throws IOException {
        switch (node.getNodeType()) {
            case STRING -> out.writeString(node.textValue());
            case BOOLEAN -> out.writeBoolean(node.booleanValue());
            case NULL -> out.writeNull();
            // As it reads: whole numbers of any size, and what has a fraction or an exponent.
            case NUMBER -> out.writeNumber(node.asText());
            case BINARY -> out.writeBinary(node.binaryValue());
            case OBJECT, ARRAY, MISSING, POJO -> throw new IOException("a " + node.getNodeType() + " in a JSON tree");
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
