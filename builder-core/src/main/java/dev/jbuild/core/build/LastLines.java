package dev.jbuild.core.build;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The end of a step's output, for the error that follows it. */
final class LastLines {
    private static final int LINES = 10;
    private static final int BYTES = 8 << 10;

    private byte[] kept = new byte[0];

    synchronized void add(byte[] bytes, int offset, int length) {
        byte[] longer = Arrays.copyOf(kept, kept.length + length);
        System.arraycopy(bytes, offset, longer, kept.length, length);
        kept = longer.length <= BYTES ? longer : Arrays.copyOfRange(longer, longer.length - BYTES, longer.length);
    }

    /** The last lines, or nothing. */
    synchronized String text() {
        List<String> lines = new String(kept, StandardCharsets.UTF_8).lines().toList();
        return lines.stream().skip(Math.max(0, lines.size() - LINES)).collect(Collectors.joining("\n"));
    }
}
