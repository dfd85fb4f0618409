package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jbuild.core.api.BuildListener.Stream;
import dev.jbuild.oci.Json;
import dev.jbuild.runtime.StepUsage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JsonProgressTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final JsonProgress progress = new JsonProgress(out, () -> now);

    private List<JsonNode> lines() throws IOException {
        List<JsonNode> nodes = new ArrayList<>();
        for (String line : out.toString(StandardCharsets.UTF_8).split("\n", -1)) {
            if (!line.isEmpty()) {
                nodes.add(Json.parseObject(line.getBytes(StandardCharsets.UTF_8), 1 << 20, "line"));
            }
        }
        return nodes;
    }

    @Test
    void aStepStartsAndCompletesUnderOneName() throws IOException {
        progress.started(3, "RUN \"x\"");
        now = now.plusSeconds(2);
        progress.done(3, Duration.ofSeconds(2));
        JsonNode started = lines().get(0).at("/vertexes/0");
        JsonNode completed = lines().get(1).at("/vertexes/0");
        assertThat(started.path("digest").asText()).matches("sha256:0{63}3");
        assertThat(started.path("name").asText()).isEqualTo("RUN \"x\"");
        assertThat(started.has("completed")).isFalse();
        assertThat(completed.path("digest")).isEqualTo(started.path("digest"));
        assertThat(completed.path("started").asText()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(completed.path("completed").asText()).isEqualTo("2026-01-01T00:00:02Z");
    }

    @Test
    void outputIsCarriedByteForByte() throws IOException {
        byte[] bytes = {'x', (byte) 0xff, '\n', 'y'};
        progress.output(1, Stream.STDERR, bytes, 1, 2);
        JsonNode log = lines().getFirst().at("/logs/0");
        assertThat(log.path("stream").asInt()).isEqualTo(2);
        assertThat(log.path("data").binaryValue()).containsExactly(0xff, '\n');
    }

    @Test
    void whatAStepUsedIsTold() throws IOException {
        progress.used(2, new StepUsage(Duration.ofMillis(1500), Duration.ofMillis(20), 4096, 1, 2));
        JsonNode usage = lines().getFirst().at("/usages/0");
        assertThat(usage.path("vertex").asText()).matches("sha256:0{63}2");
        assertThat(usage.path("wallMicros").asLong()).isEqualTo(1_500_000);
        assertThat(usage.path("cpuMicros").asLong()).isEqualTo(20_000);
        assertThat(usage.path("peakMemory").asLong()).isEqualTo(4096);
        assertThat(usage.path("bytesRead").asLong()).isEqualTo(1);
        assertThat(usage.path("bytesWritten").asLong()).isEqualTo(2);
    }

    @Test
    void cachedAndFailedSaySo() throws IOException {
        progress.started(1, "a");
        progress.cached(1);
        progress.started(2, "b");
        progress.failed(2, "no");
        progress.note("careful");
        assertThat(lines().get(1).at("/vertexes/0/cached").asBoolean()).isTrue();
        assertThat(lines().get(3).at("/vertexes/0/error").asText()).isEqualTo("no");
        assertThat(lines().get(4).at("/warnings/0/short").asText()).isEqualTo("careful");
    }
}
