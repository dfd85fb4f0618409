package dev.jbuild.layer;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Shows hostile bytes on one line without letting them steer the terminal, and so that distinct names look distinct. */
final class Printable {
    private static final int REPLACEMENT = 0xFFFD;

    private Printable() {}

    static String of(byte[] bytes) {
        if (isPlain(bytes)) {
            return new String(bytes, StandardCharsets.US_ASCII);
        }
        StringBuilder shown = new StringBuilder(bytes.length + 16);
        for (int at = 0; at < bytes.length; ) {
            at += append(shown, bytes, at);
        }
        return shown.toString();
    }

    private static boolean isPlain(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0x20 || b == 0x7f || b == '\\') {
                return false;
            }
        }
        return true;
    }

    /** Appends the character that starts here, or the one byte escaped when none does; returns how many bytes it took. */
    private static int append(StringBuilder shown, byte[] bytes, int at) {
        int length = sequenceLength(bytes[at]);
        if (at + length <= bytes.length) {
            String decoded = new String(bytes, at, length, StandardCharsets.UTF_8);
            int character = decoded.codePointAt(0);
            if (decoded.length() == Character.charCount(character) && isShowable(character)) {
                shown.appendCodePoint(character);
                return length;
            }
        }
        shown.append(String.format(Locale.ROOT, "\\x%02x", bytes[at]));
        return 1;
    }

    private static int sequenceLength(byte first) {
        int lead = first & 0xff;
        return lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    }

    /** Format characters (Cf) hide and reorder text: a right-to-left override makes one name look like another. */
    private static boolean isShowable(int character) {
        return character != REPLACEMENT
                && character != '\\'
                && switch (Character.getType(character)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.UNASSIGNED,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR -> false;
                    default -> true;
                };
    }
}
