package dev.jbuild.dockerfile;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The lines of a source file, decoded one by one so that a fault in one does not cost the others. */
final class SourceLines {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    /** Shared: a hostile file may have four million of them. */
    private static final Line BLANK = new Line("\n", 0, true);

    private SourceLines() {}

    /**
     * A physical line.
     *
     * @param raw the text with its line ending, as a here-document keeps it
     * @param size in bytes, without the line ending
     * @param isUtf8 whether all bytes could be decoded; the others are replacement characters in the text
     */
    record Line(String raw, int size, boolean isUtf8) {
        /** The text without its line ending, {@code \n} or {@code \r\n}. */
        String text() {
            int end = raw.length();
            while (end > 0 && (raw.charAt(end - 1) == '\n' || raw.charAt(end - 1) == '\r')) {
                end--;
            }
            return raw.substring(0, end);
        }
    }

    /** Cuts a file at its line feeds; a byte order mark is not part of the first line. */
    static List<Line> of(byte[] file) {
        List<Line> lines = new ArrayList<>();
        int start = startsWithByteOrderMark(file) ? BYTE_ORDER_MARK.length : 0;
        for (int i = start; i < file.length; i++) {
            if (file[i] == '\n') {
                lines.add(line(file, start, i + 1));
                start = i + 1;
            }
        }
        if (start < file.length) {
            lines.add(line(file, start, file.length));
        }
        return lines;
    }

    /** The lines of a file without their endings. */
    static List<String> split(byte[] file) {
        return texts(of(file));
    }

    /** The lines without their endings. */
    static List<String> texts(List<Line> lines) {
        List<String> texts = new ArrayList<>(lines.size());
        for (Line line : lines) {
            texts.add(line.text());
        }
        return texts;
    }

    private static boolean startsWithByteOrderMark(byte[] file) {
        return file.length >= BYTE_ORDER_MARK.length
                && file[0] == BYTE_ORDER_MARK[0]
                && file[1] == BYTE_ORDER_MARK[1]
                && file[2] == BYTE_ORDER_MARK[2];
    }

    private static Line line(byte[] file, int start, int end) {
        int length = end - start;
        if (length == 1 && file[start] == '\n') {
            return BLANK;
        }
        int size = length - (file[end - 1] == '\n' ? 1 : 0);
        if (isAscii(file, start, end)) {
            return new Line(new String(file, start, length, StandardCharsets.ISO_8859_1), size, true);
        }
        try {
            CharsetDecoder strict = StandardCharsets.UTF_8.newDecoder();
            return new Line(strict.decode(ByteBuffer.wrap(file, start, length)).toString(), size, true);
        } catch (CharacterCodingException e) {
            return new Line(new String(file, start, length, StandardCharsets.UTF_8), size, false);
        }
    }

    private static boolean isAscii(byte[] file, int start, int end) {
        for (int i = start; i < end; i++) {
            if (file[i] < 0) {
                return false;
            }
        }
        return true;
    }
}
