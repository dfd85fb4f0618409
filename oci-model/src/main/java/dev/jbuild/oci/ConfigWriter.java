package dev.jbuild.oci;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeMap;

/**
 * {@link ImageConfig} to JSON, in BuildKit's field order: the top level by name, the container config in the order of
 * Go's struct; what is empty is left out.
 */
final class ConfigWriter {
    private ConfigWriter() {}

    static ObjectNode toJson(ImageConfig image) {
        ObjectNode root = Json.object();
        root.put("architecture", image.platform().architecture());
        putText(root, "author", image.author());
        root.set("config", container(image.config()));
        image.created().ifPresent(created -> root.put("created", created));
        ArrayNode history = root.putArray("history");
        image.history().forEach(entry -> history.add(entry(entry)));
        root.put("os", image.platform().os());
        ObjectNode rootfs = root.putObject("rootfs");
        rootfs.put("type", "layers");
        ArrayNode diffIds = rootfs.putArray("diff_ids");
        image.diffIds().forEach(diffId -> diffIds.add(diffId.toString()));
        putText(root, "variant", image.platform().variant());
        return root;
    }

    private static ObjectNode container(ContainerConfig config) {
        ObjectNode node = Json.object();
        putText(node, "User", config.user());
        putKeys(node, "ExposedPorts", config.exposedPorts());
        putTexts(node, "Env", config.env());
        putTexts(node, "Entrypoint", config.entrypoint());
        putTexts(node, "Cmd", config.cmd());
        putKeys(node, "Volumes", config.volumes());
        putText(node, "WorkingDir", config.workingDir());
        if (!config.labels().isEmpty()) {
            // Go writes maps sorted by key; so the order of definition never reaches a digest.
            node.set("Labels", Json.object(new TreeMap<>(config.labels())));
        }
        putText(node, "StopSignal", config.stopSignal());
        if (config.argsEscaped()) {
            node.put("ArgsEscaped", true);
        }
        config.healthcheck().ifPresent(healthcheck -> node.set("Healthcheck", healthcheck(healthcheck)));
        putTexts(node, "OnBuild", config.onBuild());
        putTexts(node, "Shell", config.shell());
        return node;
    }

    private static ObjectNode healthcheck(Healthcheck check) {
        ObjectNode node = Json.object();
        putTexts(node, "Test", check.test());
        putNumber(node, "Interval", check.interval());
        putNumber(node, "Timeout", check.timeout());
        putNumber(node, "StartPeriod", check.startPeriod());
        putNumber(node, "StartInterval", check.startInterval());
        putNumber(node, "Retries", check.retries());
        return node;
    }

    private static ObjectNode entry(History entry) {
        ObjectNode node = Json.object();
        entry.created().ifPresent(created -> node.put("created", created));
        putText(node, "created_by", entry.createdBy());
        putText(node, "author", entry.author());
        putText(node, "comment", entry.comment());
        if (entry.emptyLayer()) {
            node.put("empty_layer", true);
        }
        return node;
    }

    private static void putText(ObjectNode node, String key, String value) {
        if (!value.isEmpty()) {
            node.put(key, value);
        }
    }

    private static void putTexts(ObjectNode node, String key, List<String> values) {
        if (!values.isEmpty()) {
            node.set(key, Json.array(values));
        }
    }

    private static void putKeys(ObjectNode node, String key, NavigableSet<String> keys) {
        if (!keys.isEmpty()) {
            ObjectNode object = node.putObject(key);
            keys.forEach(object::putObject);
        }
    }

    private static void putNumber(ObjectNode node, String key, long value) {
        if (value != 0) {
            node.put(key, value);
        }
    }
}
