package dev.jbuild.dockerfile;

import java.util.List;

/** Shows lines of a source file around a fault, safe to print on a terminal. */
public final class Excerpt {
    private static final int CONTEXT = 2;
    private static final int LONGEST_LINE = 200;
    private static final int MOST_LINES = 24;
    private static final String RULE = "--------------------\n";

    private Excerpt() {}

    /**
     * The lines of a range and a few around them, numbered, those of the range marked.
     *
     * @param name of the file
     * @param lines of the file, without line endings
     * @return text that ends with a line break
     */
    public static String of(String name, List<String> lines, SourceRange range) {
        int first = Math.max(1, range.firstLine() - CONTEXT);
        int last = Math.min(lines.size(), range.lastLine() + CONTEXT);
        StringBuilder text = new StringBuilder();
        text.append(visible(name, LONGEST_LINE))
                .append(':')
                .append(range.firstLine())
                .append('\n')
                .append(RULE);
        for (int line = first; line <= last; line++) {
            int hidden = hiddenAfter(line, first, last);
            if (hidden > 0) {
                text.append("     | >>> (").append(hidden).append(" more lines)\n");
                line += hidden - 1;
            } else {
                append(text, line, lines.get(line - 1), range.covers(line));
            }
        }
        return text.append(RULE).toString();
    }

    /** How many lines to leave out of a very long excerpt at a line: its middle. */
    private static int hiddenAfter(int line, int first, int last) {
        int count = last - first + 1;
        boolean middle = line - first == MOST_LINES / 2;
        return count > MOST_LINES && middle ? count - MOST_LINES : 0;
    }

    private static void append(StringBuilder text, int number, String line, boolean marked) {
        String digits = Integer.toString(number);
        text.append(" ".repeat(Math.max(0, 4 - digits.length())))
                .append(digits)
                .append(" | ")
                .append(marked ? ">>> " : "    ")
                .append(visible(line, LONGEST_LINE))
                .append('\n');
    }

    /** Text of a file as it may be printed: cut to a length, control characters replaced (they could drive the terminal). */
    static String visible(String text, int longest) {
        StringBuilder shown = new StringBuilder(Math.min(text.length(), longest));
        for (int i = 0; i < text.length(); i++) {
            if (i == longest) {
                return shown.append("...").toString();
            }
            char c = text.charAt(i);
            shown.append(c == '\t' || !isControl(c) ? c : '\uFFFD');
        }
        return shown.toString();
    }

    /** C0 and C1 controls and the marks that reorder text (the "Trojan source" kind, CVE-2021-42574). */
    private static boolean isControl(char c) {
        return Character.isISOControl(c) || (c >= '\u202A' && c <= '\u202E') || (c >= '\u2066' && c <= '\u2069');
    }
}
