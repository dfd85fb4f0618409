package dev.jbuild.maven;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.maven.plugin.logging.Log;

/** Turns the engine's progress, JSON lines in BuildKit's shape, into Maven's log. What is no JSON is its last word. */
final class EngineOutput {
    private final Log log;
    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final StringBuilder lastWords = new StringBuilder();

    EngineOutput(Log log) {
        this.log = log;
    }

    void line(String line) throws IOException {
        JsonNode status = parse(line);
        if (!status.isObject()) {
            lastWords.append(line).append('\n');
            return;
        }
        for (JsonNode vertex : status.path("vertexes")) {
            vertex(vertex);
        }
        for (JsonNode output : status.path("logs")) {
            output(output);
        }
        for (JsonNode warning : status.path("warnings")) {
            log.warn(warning.path("short").asText());
        }
    }

    /** The engine's own explanation, or {@code otherwise} when it gave none. */
    String failure(String otherwise) {
        String explanation = lastWords.toString().strip();
        return explanation.isEmpty() ? otherwise : explanation;
    }

    private JsonNode parse(String line) {
        try {
            return line.startsWith("{") ? json.readTree(line) : json.missingNode();
        } catch (JsonProcessingException e) {
            log.debug("not a progress line (" + e.getOriginalMessage() + "): " + line);
            return json.missingNode();
        }
    }

    private void vertex(JsonNode vertex) {
        String prefix = prefix(vertex.path("digest").asText());
        if (vertex.hasNonNull("error")) {
            log.error(prefix + "ERROR: " + vertex.path("error").asText());
        } else if (vertex.path("cached").asBoolean()) {
            log.info(prefix + "CACHED");
        } else if (vertex.hasNonNull("completed")) {
            log.info(prefix + "DONE");
        } else {
            log.info(prefix + vertex.path("name").asText());
        }
    }

    private void output(JsonNode output) throws IOException {
        String prefix = prefix(output.path("vertex").asText());
        String text = new String(output.path("data").binaryValue(), StandardCharsets.UTF_8);
        text.lines().forEach(line -> log.info(prefix + line));
    }

    private String prefix(String digest) {
        return "#" + numbers.computeIfAbsent(digest, d -> numbers.size() + 1) + " ";
    }
}
