package dev.jbuild.runtime;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The OCI runtime-spec's JSON schema as Debian packages it, and what a document breaks of it. It is stricter than JSON
 * Schema draft 4 asks for: a field that the schema does not have is a fault too, for a runtime would pass over it in
 * silence. Of the draft's keywords it knows those that a bundle's config.json meets, and fails at any other.
 */
final class RuntimeSpecSchema {
    private static final String FOLDER = "share/gocode/src/github.com/opencontainers/runtime-spec/schema";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path folder;
    private final Map<String, JsonNode> files = new HashMap<>();
    private final List<String> faults = new ArrayList<>();

    private RuntimeSpecSchema(Path folder) {
        this.folder = folder;
    }

    /** Skips the test where the schema is not there, and says what is missing. */
    static RuntimeSpecSchema installed() {
        List<Path> places = Stream.of(System.getProperty("jbuild.tools", "/usr/bin"), "/usr/bin")
                .map(programs -> Path.of(programs).resolveSibling(FOLDER))
                .filter(Files::isDirectory)
                .toList();
        assumeTrue(
                !places.isEmpty(),
                "needs the schema of the runtime-spec: apt install golang-github-opencontainers-specs-dev");
        return new RuntimeSpecSchema(places.getFirst());
    }

    /** What a config.json breaks, each fault with its place; empty when it is valid. */
    List<String> faultsOf(JsonNode config) throws IOException {
        faults.clear();
        check("config.json", config, new Rule("config-schema.json", file("config-schema.json")));
        return List.copyOf(faults);
    }

    /** A part of the schema, and the file that its references are relative to. */
    private record Rule(String file, JsonNode node) {
        Rule of(JsonNode part) {
            return new Rule(file, part);
        }
    }

    private void check(String place, JsonNode value, Rule rule) throws IOException {
        for (Map.Entry<String, JsonNode> keyword : rule.node().properties()) {
            check(place, value, rule, keyword.getKey(), keyword.getValue());
        }
    }

    private void check(String place, JsonNode value, Rule rule, String keyword, JsonNode asked) throws IOException {
        switch (keyword) {
            case "$schema", "description" -> {}
            case "$ref" -> check(place, value, referred(rule, asked.asText()));
            case "type" -> require(isOf(asked.asText(), value), place, "is no " + asked.asText());
            case "enum" -> require(contains(asked, value), place, value + " is none of " + asked);
            case "pattern" ->
                require(Pattern.compile(asked.asText()).matcher(value.asText()).find(), place, "is no " + asked);
            case "minimum" -> require(compare(value, asked) >= 0, place, value + " is less than " + asked);
            case "maximum" -> require(compare(value, asked) <= 0, place, value + " is more than " + asked);
            case "minItems" -> require(value.size() >= asked.asInt(), place, "has less items than " + asked);
            case "required" -> asked.forEach(field -> require(value.has(field.asText()), place, "lacks " + field));
            case "properties" -> checkFields(place, value, rule);
            case "items" -> checkItems(place, value, rule.of(asked));
            case "anyOf" -> {
                require(asked.size() == 1, place, "has alternatives, which this test does not know");
                check(place, value, rule.of(asked.get(0)));
            }
            default -> throw new IOException("the schema of " + place + " has the keyword " + keyword);
        }
    }

    private void checkFields(String place, JsonNode value, Rule rule) throws IOException {
        JsonNode known = rule.node().get("properties");
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            String inside = place + "/" + field.getKey();
            if (known.has(field.getKey())) {
                check(inside, field.getValue(), rule.of(known.get(field.getKey())));
            } else {
                faults.add(inside + " is no field of the spec");
            }
        }
    }

    private void checkItems(String place, JsonNode value, Rule rule) throws IOException {
        for (int i = 0; i < value.size(); i++) {
            check(place + "/" + i, value.get(i), rule);
        }
    }

    private void require(boolean holds, String place, String fault) {
        if (!holds) {
            faults.add(place + " " + fault);
        }
    }

    private static boolean isOf(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber();
            default -> throw new IllegalArgumentException("the schema has the type " + type);
        };
    }

    private static boolean contains(JsonNode all, JsonNode value) {
        return all.valueStream().anyMatch(value::equals);
    }

    private static int compare(JsonNode value, JsonNode bound) {
        return value.decimalValue().compareTo(bound.decimalValue());
    }

    private Rule referred(Rule from, String reference) throws IOException {
        int hash = reference.indexOf('#');
        String name = hash == 0 ? from.file() : reference.substring(0, hash);
        return new Rule(name, file(name).at(reference.substring(hash + 1)));
    }

    private JsonNode file(String name) throws IOException {
        if (!files.containsKey(name)) {
            files.put(name, MAPPER.readTree(folder.resolve(name).toFile()));
        }
        return files.get(name);
    }
}
