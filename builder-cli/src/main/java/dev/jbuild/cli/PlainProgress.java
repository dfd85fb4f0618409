package dev.jbuild.cli;

import dev.jbuild.core.api.BuildListener;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Tells a build line by line in BuildKit's manner: {@code #5 [2/7] RUN make}, {@code #5 0.123 output}, {@code #5 DONE 0.3s}.
 * Steps that run at once mix by whole lines; the number says whose each is.
 */
final class PlainProgress implements BuildListener {
    private final OutputStream out;
    private final LongSupplier nanos;
    private final Map<Integer, Vertex> running = new TreeMap<>();
    private int last;

    /** A vertex between its start and its end. */
    private record Vertex(String name, long started, LineBuffer lines) {}

    /** @param nanos a clock that only moves forward, in nanoseconds */
    PlainProgress(OutputStream out, LongSupplier nanos) {
        this.out = out;
        this.nanos = nanos;
    }

    @Override
    public synchronized void started(int vertex, String name) {
        long now = nanos.getAsLong();
        running.put(vertex, new Vertex(name, now, new LineBuffer(line -> outputLine(vertex, now, line))));
        separate(vertex);
        print("#" + vertex + " " + Printable.line(name));
    }

    @Override
    public synchronized void output(int vertex, Stream stream, byte[] buffer, int offset, int length) {
        Vertex known = running.get(vertex);
        if (known != null) {
            known.lines().append(buffer, offset, length);
        }
    }

    @Override
    public synchronized void cached(int vertex) {
        end(vertex, "CACHED");
    }

    @Override
    public synchronized void done(int vertex, Duration took) {
        end(vertex, "DONE " + Seconds.tenths(took.toNanos()) + "s");
    }

    @Override
    public synchronized void failed(int vertex, String message) {
        Vertex known = running.get(vertex);
        end(vertex, "ERROR: " + Printable.line(message));
        if (known != null && !known.lines().tail(known.name()).isEmpty()) {
            print(known.lines().tail(known.name()));
        }
    }

    @Override
    public synchronized void note(String text) {
        print("note: " + Printable.line(text));
    }

    private void end(int vertex, String how) {
        Vertex known = running.remove(vertex);
        if (known != null) {
            known.lines().finish();
        }
        last = vertex;
        print("#" + vertex + " " + how);
    }

    /** A blank line before the first line of each vertex but the first. */
    private void separate(int vertex) {
        if (last != 0) {
            print("");
        }
        last = vertex;
    }

    private void outputLine(int vertex, long started, byte[] line) {
        last = vertex;
        String prefix = "#" + vertex + " " + Seconds.thousandths(nanos.getAsLong() - started) + " ";
        write(prefix.getBytes(StandardCharsets.US_ASCII), line);
    }

    private void print(String line) {
        write(line.getBytes(StandardCharsets.UTF_8), new byte[0]);
    }

    /** One call a line, so that another process's lines never end up inside ours. */
    private void write(byte[] prefix, byte[] rest) {
        byte[] line = new byte[prefix.length + rest.length + 1];
        System.arraycopy(prefix, 0, line, 0, prefix.length);
        System.arraycopy(rest, 0, line, prefix.length, rest.length);
        line[line.length - 1] = '\n';
        try {
            out.write(line);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write progress", e);
        }
    }
}
