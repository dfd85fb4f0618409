package dev.jbuild.core.build;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jbuild.layer.tar.WrittenLayer;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.Json;
import dev.jbuild.runtime.StepUsage;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What the cache keeps of a finished step.
 *
 * @param treeId the name of the layer's tree in the store, whether or not it was made
 * @param layer the layer's blob, once it was made
 * @param created when the step ran, RFC 3339: a cached step keeps its time, so that the image keeps its digest
 * @param usage what a RUN used when it ran
 */
record StepRecord(String treeId, Optional<WrittenLayer> layer, String created, Optional<StepUsage> usage) {
    private static final int MAX_BYTES = 64 << 10;

    static StepRecord parse(byte[] bytes) throws IOException {
        JsonNode root = Json.parseObject(bytes, MAX_BYTES, "step record");
        JsonNode blob = root.path("layer");
        Optional<WrittenLayer> layer = blob.isObject()
                ? Optional.of(new WrittenLayer(
                        Digest.parse(Json.text(blob, "diffId")),
                        new Descriptor(
                                Json.text(blob, "mediaType"),
                                Digest.parse(Json.text(blob, "digest")),
                                blob.path("size").asLong())))
                : Optional.empty();
        return new StepRecord(Json.text(root, "tree"), layer, Json.text(root, "created"), usage(root.path("usage")));
    }

    byte[] toBytes() {
        ObjectNode root = Json.object();
        root.put("tree", treeId);
        layer.ifPresent(written -> {
            ObjectNode blob = root.putObject("layer");
            blob.put("diffId", written.diffId().toString());
            blob.put("mediaType", written.descriptor().mediaType());
            blob.put("digest", written.descriptor().digest().toString());
            blob.put("size", written.descriptor().size());
        });
        root.put("created", created);
        usage.ifPresent(used -> put(root.putObject("usage"), used));
        return Json.bytes(root);
    }

    private static Optional<StepUsage> usage(JsonNode node) {
        return node.isObject()
                ? Optional.of(new StepUsage(
                        micros(node.path("wallMicros")),
                        micros(node.path("cpuMicros")),
                        node.path("peakMemory").asLong(),
                        node.path("bytesRead").asLong(),
                        node.path("bytesWritten").asLong()))
                : Optional.empty();
    }

    private static Duration micros(JsonNode node) {
        return Duration.of(node.asLong(), ChronoUnit.MICROS);
    }

    private static void put(ObjectNode node, StepUsage used) {
        node.put("wallMicros", used.wall().dividedBy(Duration.of(1, ChronoUnit.MICROS)));
        node.put("cpuMicros", used.cpu().dividedBy(Duration.of(1, ChronoUnit.MICROS)));
        node.put("peakMemory", used.peakMemory());
        node.put("bytesRead", used.bytesRead());
        node.put("bytesWritten", used.bytesWritten());
    }
}
