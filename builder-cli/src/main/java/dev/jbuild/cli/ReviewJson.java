package dev.jbuild.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.CheckReport;
import dev.jbuild.core.plan.Outline;
import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.DockerfileException;
import dev.jbuild.dockerfile.SourceRange;
import dev.jbuild.dockerfile.Stage;
import dev.jbuild.dockerfile.lint.Finding;
import dev.jbuild.oci.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What {@code --call=...,format=json} answers, in the shape of buildx's documents. */
final class ReviewJson {
    private ReviewJson() {}

    static ObjectNode check(CheckReport report) {
        ObjectNode document = Json.object();
        ArrayNode warnings = document.putArray("warnings");
        for (Finding finding : report.findings()) {
            ObjectNode warning = warnings.addObject();
            warning.put("ruleName", finding.rule().word());
            warning.put("description", finding.rule().description());
            warning.put("url", finding.rule().url());
            warning.put("detail", finding.detail());
            warning.set("location", location(finding.range()));
        }
        ObjectNode source = document.putArray("sources").addObject();
        source.put("filename", report.name());
        source.put("data", bytes(report.lines()));
        source.put("language", "Dockerfile");
        report.failure().ifPresent(failure -> document.set("buildError", failure(failure)));
        return document;
    }

    private static ObjectNode failure(BuildException failure) {
        ObjectNode error = Json.object().put("message", failure.getMessage());
        if (failure.getCause() instanceof DockerfileException cause) {
            error.set("location", location(cause.range()));
        }
        return error;
    }

    static ObjectNode outline(Outline outline) {
        ObjectNode document = Json.object();
        putText(document, "name", outline.name());
        putText(document, "description", outline.description());
        for (Outline.Argument argument : outline.arguments()) {
            ObjectNode node = document.withArrayProperty("args").addObject();
            node.put("name", argument.name());
            putText(node, "description", argument.description());
            putText(node, "value", argument.value());
            node.set("location", location(argument.range()));
        }
        outline.secrets().forEach(need -> need(document.withArrayProperty("secrets"), need));
        outline.agents().forEach(need -> need(document.withArrayProperty("ssh"), need));
        for (Outline.Cache cache : outline.caches()) {
            ObjectNode node = document.withArrayProperty("cache").addObject();
            node.put("ID", cache.id());
            node.set("location", location(cache.range()));
        }
        document.putArray("sources").add(bytes(outline.dockerfile().lines()));
        return document;
    }

    private static void need(ArrayNode list, Outline.Need need) {
        ObjectNode node = list.addObject().put("name", need.name());
        if (need.required()) {
            node.put("required", true);
        }
        node.set("location", location(need.range()));
    }

    static ObjectNode targets(Dockerfile dockerfile) {
        ObjectNode document = Json.object();
        ArrayNode targets = document.putArray("targets");
        for (Stage stage : dockerfile.stages()) {
            ObjectNode target = targets.addObject();
            putText(target, "name", stage.name().orElse(""));
            boolean last = stage.index() == dockerfile.stages().size() - 1;
            // Of a file that is one stage without a name BuildKit does not say it: there is nothing to choose.
            if (last && (stage.index() > 0 || stage.name().isPresent())) {
                target.put("default", true);
            }
            putText(target, "description", stage.description());
            target.put("base", stage.from().image().text());
            stage.from().platform().ifPresent(platform -> target.put("platform", platform.text()));
            target.set("location", location(stage.from().range()));
        }
        document.putArray("sources").add(bytes(dockerfile.lines()));
        return document;
    }

    /** Jackson writes bytes in Base64, as Go does. */
    private static byte[] bytes(List<String> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void putText(ObjectNode node, String key, String value) {
        if (!value.isEmpty()) {
            node.put(key, value);
        }
    }

    /** BuildKit makes a range of each line. */
    private static ObjectNode location(SourceRange range) {
        ObjectNode location = Json.object();
        ArrayNode ranges = location.putArray("ranges");
        for (int line = range.firstLine(); line <= range.lastLine(); line++) {
            ObjectNode one = ranges.addObject();
            one.putObject("start").put("line", line);
            one.putObject("end").put("line", line);
        }
        return location;
    }
}
