package dev.jbuild.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** Cuts a stream of bytes into lines, and remembers the last ones. A line without end is cut at {@value #LONGEST} bytes. */
final class LineBuffer {
    static final int LONGEST = 16 * 1024;
    private static final int REMEMBERED = 10;

    private final Consumer<byte[]> lines;
    private final ByteArrayOutputStream open = new ByteArrayOutputStream();
    private final Deque<String> latest = new ArrayDeque<>();

    LineBuffer(Consumer<byte[]> lines) {
        this.lines = lines;
    }

    void append(byte[] buffer, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (buffer[i] == '\n') {
                emit();
            } else {
                open.write(buffer[i]);
                if (open.size() == LONGEST) {
                    emit();
                }
            }
        }
    }

    /** Gives out what is left of a last line that did not end. */
    void finish() {
        if (open.size() > 0) {
            emit();
        }
    }

    /** The last lines under the name of their step, framed as BuildKit frames them; empty when there are none. */
    String tail(String name) {
        if (latest.isEmpty()) {
            return "";
        }
        return "------\n > " + Printable.line(name) + ":\n" + String.join("\n", latest) + "\n------";
    }

    private void emit() {
        byte[] line = withoutCarriageReturn(open.toByteArray());
        open.reset();
        if (latest.size() == REMEMBERED) {
            latest.removeFirst();
        }
        latest.addLast(new String(line, StandardCharsets.UTF_8));
        lines.accept(line);
    }

    private static byte[] withoutCarriageReturn(byte[] line) {
        boolean ends = line.length > 0 && line[line.length - 1] == '\r';
        return ends ? java.util.Arrays.copyOf(line, line.length - 1) : line;
    }
}
