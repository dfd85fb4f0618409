package dev.jbuild.cli;

import java.util.HexFormat;

/** Text of others on its way to a terminal: file names and registry answers must not steer it. */
final class Printable {
    private Printable() {}

    /** The text on one line; control characters are shown as escapes. */
    static String line(String text) {
        return escape(text, false);
    }

    /** The text with its line breaks and tabs; other control characters are shown as escapes. */
    static String lines(String text) {
        return escape(text, true);
    }

    private static String escape(String text, boolean keepsBreaks) {
        StringBuilder safe = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isBreak = c == '\n' || c == '\t';
            if (!Character.isISOControl(c) || (keepsBreaks && isBreak)) {
                safe.append(c);
            } else if (isBreak) {
                safe.append(c == '\n' ? "\\n" : "\\t");
            } else {
                safe.append("\\x").append(HexFormat.of().toHexDigits((byte) c));
            }
        }
        return safe.toString();
    }
}
