package dev.jbuild.oci;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/** JSON to {@link ImageConfig}. Go's writers leave out or write null for what is empty: both read the same. */
final class ConfigReader {
    private final String what;

    ConfigReader(String what) {
        this.what = what;
    }

    ImageConfig read(JsonNode root) throws IOException {
        try {
            Platform platform =
                    new Platform(Json.text(root, "os"), Json.text(root, "architecture"), Json.text(root, "variant"));
            return new ImageConfig(
                    platform,
                    optionalText(root, "created"),
                    Json.text(root, "author"),
                    container(root.path("config")),
                    diffIds(root.path("rootfs")),
                    history(root.path("history")));
        } catch (IllegalArgumentException | IOException e) {
            throw new IOException(what + ": " + e.getMessage(), e);
        }
    }

    private static ContainerConfig container(JsonNode node) throws IOException {
        return new ContainerConfig(
                argument(node, "User"),
                keys(node.path("ExposedPorts")),
                environment(node),
                arguments(node, "Entrypoint"),
                arguments(node, "Cmd"),
                keys(node.path("Volumes")),
                argument(node, "WorkingDir"),
                Json.textMap(node, "Labels"),
                Json.text(node, "StopSignal"),
                node.path("ArgsEscaped").asBoolean(),
                healthcheck(node.path("Healthcheck")),
                Json.texts(node, "OnBuild"),
                arguments(node, "Shell"));
    }

    private static String argument(JsonNode node, String key) throws IOException {
        String text = Json.text(node, key);
        requireNoNul(key, text);
        return text;
    }

    private static List<String> arguments(JsonNode node, String key) throws IOException {
        List<String> texts = Json.texts(node, key);
        for (String text : texts) {
            requireNoNul(key, text);
        }
        return texts;
    }

    // System calls take text up to a NUL: what was checked and what is used would differ.
    private static void requireNoNul(String key, String text) throws IOException {
        if (text.indexOf('\0') >= 0) {
            throw new IOException(key + " holds a NUL: \"" + text.replace('\0', '?') + "\"");
        }
    }

    private static List<String> environment(JsonNode node) throws IOException {
        List<String> entries = Json.texts(node, "Env");
        for (String entry : entries) {
            if (entry.indexOf('=') < 1 || entry.indexOf('\0') >= 0) {
                throw new IOException("Env entry is not NAME=value: \"" + entry.replace('\0', '?') + "\"");
            }
        }
        return entries;
    }

    private static NavigableSet<String> keys(JsonNode object) {
        NavigableSet<String> keys = new TreeSet<>();
        object.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    private static Optional<Healthcheck> healthcheck(JsonNode node) throws IOException {
        if (!node.isObject()) {
            return Optional.empty();
        }
        return Optional.of(new Healthcheck(
                Json.texts(node, "Test"),
                node.path("Interval").asLong(),
                node.path("Timeout").asLong(),
                node.path("StartPeriod").asLong(),
                node.path("StartInterval").asLong(),
                node.path("Retries").asInt()));
    }

    private static List<Digest> diffIds(JsonNode rootfs) throws IOException {
        List<Digest> diffIds = new ArrayList<>();
        for (String text : Json.texts(rootfs, "diff_ids")) {
            diffIds.add(Digest.parse(text));
        }
        return diffIds;
    }

    private static List<History> history(JsonNode array) throws IOException {
        List<History> history = new ArrayList<>();
        for (JsonNode node : array) {
            history.add(new History(
                    optionalText(node, "created"),
                    Json.text(node, "created_by"),
                    Json.text(node, "author"),
                    Json.text(node, "comment"),
                    node.path("empty_layer").asBoolean()));
        }
        return history;
    }

    private static Optional<String> optionalText(JsonNode node, String key) throws IOException {
        return Optional.of(Json.text(node, key)).filter(text -> !text.isEmpty());
    }
}
