package dev.jbuild.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jbuild.core.api.BuildListener;
import dev.jbuild.oci.Json;
import dev.jbuild.runtime.StepUsage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells a build as JSON, one object a line, in the shape of BuildKit's {@code --progress=rawjson}: {@code vertexes} start and
 * complete, {@code logs} carry output in Base64, {@code warnings} carry notes. {@code usages}, which BuildKit does not have, say what a RUN used.
 */
final class JsonProgress implements BuildListener {
    private static final int HEX_DIGITS = 64;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;

    private final OutputStream out;
    private final InstantSource clock;
    private final Map<Integer, Vertex> running = new ConcurrentHashMap<>();

    private record Vertex(String name, Instant started) {}

    JsonProgress(OutputStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    @Override
    public void started(int vertex, String name) {
        Vertex known = new Vertex(name, clock.instant());
        running.put(vertex, known);
        vertexes(node(vertex, known));
    }

    @Override
    public void output(int vertex, Stream stream, byte[] buffer, int offset, int length) {
        ObjectNode log = Json.object();
        log.put("vertex", id(vertex));
        log.put("stream", stream == Stream.STDOUT ? STDOUT : STDERR);
        log.put("data", Arrays.copyOfRange(buffer, offset, offset + length));
        log.put("timestamp", clock.instant().toString());
        print(array("logs", log));
    }

    @Override
    public void cached(int vertex) {
        vertexes(ended(vertex).put("cached", true));
    }

    @Override
    public void used(int vertex, StepUsage usage) {
        ObjectNode node = Json.object();
        node.put("vertex", id(vertex));
        node.put("wallMicros", micros(usage.wall()));
        node.put("cpuMicros", micros(usage.cpu()));
        node.put("peakMemory", usage.peakMemory());
        node.put("bytesRead", usage.bytesRead());
        node.put("bytesWritten", usage.bytesWritten());
        print(array("usages", node));
    }

    private static long micros(Duration time) {
        return time.dividedBy(Duration.of(1, ChronoUnit.MICROS));
    }

    @Override
    public void done(int vertex, Duration took) {
        vertexes(ended(vertex));
    }

    @Override
    public void failed(int vertex, String message) {
        vertexes(ended(vertex).put("error", message));
    }

    @Override
    public void note(String text) {
        print(array("warnings", Json.object().put("level", 1).put("short", text)));
    }

    private ObjectNode ended(int vertex) {
        Vertex known = running.remove(vertex);
        Instant now = clock.instant();
        return node(vertex, known == null ? new Vertex("", now) : known).put("completed", now.toString());
    }

    private static ObjectNode node(int vertex, Vertex known) {
        return Json.object()
                .put("digest", id(vertex))
                .put("name", known.name())
                .put("started", known.started().toString());
    }

    /** BuildKit names vertices by digests; readers only compare them, so a number in that form will do. */
    private static String id(int vertex) {
        return "sha256:" + "0".repeat(HEX_DIGITS - Integer.BYTES * 2)
                + HexFormat.of().toHexDigits(vertex);
    }

    private void vertexes(ObjectNode node) {
        print(array("vertexes", node));
    }

    private static ObjectNode array(String key, ObjectNode only) {
        ObjectNode line = Json.object();
        line.putArray(key).add(only);
        return line;
    }

    private void print(ObjectNode line) {
        byte[] json = Json.bytes(line);
        byte[] text = Arrays.copyOf(json, json.length + 1);
        text[json.length] = '\n';
        synchronized (out) {
            try {
                out.write(text);
                out.flush();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write progress", e);
            }
        }
    }
}
