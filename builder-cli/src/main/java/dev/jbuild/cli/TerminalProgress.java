package dev.jbuild.cli;

import dev.jbuild.core.api.BuildListener;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Tells a build on a terminal: finished steps stay as lines, and below them live the steps that run, each with its time and
 * its last line of output, drawn anew as they change.
 */
final class TerminalProgress implements BuildListener, AutoCloseable {
    private static final long REDRAW_MILLIS = 100;
    /** More would scroll a small terminal, and what has scrolled cannot be drawn over. */
    private static final int MOST_LIVE = 8;

    private static final String CLEAR_TO_END = "\u001b[0J";
    private static final String LINE_UP = "\u001b[1A";
    /** Long lines are cut by the terminal instead of wrapping: so each is one row, whatever the width (DECAWM). */
    private static final String NO_WRAP = "\u001b[?7l";

    private static final String WRAP = "\u001b[?7h";

    private final OutputStream out;
    private final LongSupplier nanos;
    private final Map<Integer, Vertex> running = new LinkedHashMap<>();
    private final Thread ticker = Thread.ofPlatform().daemon().name("progress").unstarted(this::tick);
    private int drawn;
    private boolean closed;

    /** A step that runs, and what it said last. */
    private static final class Vertex {
        private final String name;
        private final long started;
        private final LineBuffer lines;
        private String last = "";

        Vertex(String name, long started) {
            this.name = name;
            this.started = started;
            this.lines = new LineBuffer(line -> last = Printable.line(new String(line, StandardCharsets.UTF_8)));
        }
    }

    /** @param nanos a clock that only moves forward, in nanoseconds */
    TerminalProgress(OutputStream out, LongSupplier nanos) {
        this.out = out;
        this.nanos = nanos;
        ticker.start();
    }

    @Override
    public synchronized void started(int vertex, String name) {
        running.put(vertex, new Vertex(Printable.line(name), nanos.getAsLong()));
        redraw("");
    }

    @Override
    public synchronized void output(int vertex, Stream stream, byte[] buffer, int offset, int length) {
        Vertex known = running.get(vertex);
        if (known != null) {
            known.lines.append(buffer, offset, length);
        }
    }

    @Override
    public synchronized void cached(int vertex) {
        end(vertex, "CACHED", "");
    }

    @Override
    public synchronized void done(int vertex, Duration took) {
        end(vertex, Seconds.tenths(took.toNanos()) + "s", "");
    }

    @Override
    public synchronized void failed(int vertex, String message) {
        Vertex known = running.get(vertex);
        if (known != null) {
            known.lines.finish();
        }
        String tail = known == null ? "" : known.lines.tail(known.name);
        end(vertex, "ERROR: " + Printable.line(message), tail.isEmpty() ? "" : tail + "\n");
    }

    @Override
    public synchronized void note(String text) {
        redraw("note: " + Printable.line(text) + "\n");
    }

    /** Takes the live lines away and leaves the terminal as it was. */
    @Override
    public synchronized void close() {
        running.clear();
        redraw("");
        closed = true;
        ticker.interrupt();
    }

    private void end(int vertex, String how, String more) {
        Vertex known = running.remove(vertex);
        String name = known == null ? "#" + vertex : known.name;
        redraw(" => " + name + "  " + how + "\n" + more);
    }

    private void tick() {
        try {
            while (true) {
                Thread.sleep(REDRAW_MILLIS);
                synchronized (this) {
                    if (closed) {
                        return;
                    }
                    redraw("");
                }
            }
        } catch (InterruptedException e) {
            // The build is over.
            return;
        }
    }

    /** Writes what stays where the live lines stood, and those below it again, in one write: so nothing flickers. */
    private void redraw(String lasting) {
        if (closed) {
            return;
        }
        StringBuilder text = new StringBuilder();
        text.append(LINE_UP.repeat(drawn)).append('\r').append(CLEAR_TO_END).append(lasting);
        drawn = 0;
        text.append(NO_WRAP);
        for (Vertex vertex : running.values()) {
            if (drawn == MOST_LIVE) {
                break;
            }
            text.append(live(vertex)).append('\n');
            drawn++;
        }
        text.append(WRAP);
        write(text.toString());
    }

    private String live(Vertex vertex) {
        String time = Seconds.tenths(nanos.getAsLong() - vertex.started) + "s";
        return " => " + vertex.name + "  " + time + (vertex.last.isEmpty() ? "" : "  " + vertex.last);
    }

    private void write(String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write progress", e);
        }
    }
}
