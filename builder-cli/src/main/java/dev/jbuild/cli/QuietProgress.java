package dev.jbuild.cli;

import dev.jbuild.core.api.BuildListener;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Says nothing until a step fails, and then what the step said last. */
final class QuietProgress implements BuildListener {
    private final PrintStream err;
    private final Map<Integer, Vertex> running = new ConcurrentHashMap<>();

    private record Vertex(String name, LineBuffer lines) {}

    QuietProgress(PrintStream err) {
        this.err = err;
    }

    @Override
    public void started(int vertex, String name) {
        running.put(vertex, new Vertex(name, new LineBuffer(line -> {})));
    }

    @Override
    public void output(int vertex, Stream stream, byte[] buffer, int offset, int length) {
        Vertex known = running.get(vertex);
        if (known != null) {
            synchronized (known) {
                known.lines().append(buffer, offset, length);
            }
        }
    }

    @Override
    public void cached(int vertex) {
        running.remove(vertex);
    }

    @Override
    public void done(int vertex, Duration took) {
        running.remove(vertex);
    }

    @Override
    public void failed(int vertex, String message) {
        Vertex known = running.remove(vertex);
        if (known != null) {
            synchronized (known) {
                known.lines().finish();
                String tail = known.lines().tail(known.name());
                if (!tail.isEmpty()) {
                    err.println(tail);
                }
            }
        }
    }

    /** Notes are for who reads along. */
    @Override
    public void note(String text) {}
}
