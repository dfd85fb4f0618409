package dev.jbuild.dockerfile;

import java.util.Arrays;

/**
 * The pattern of {@code ${name#pattern}} and {@code ${name/pattern/text}}: {@code *} is any text, {@code ?} any
 * character; brackets are literal (the language has no character classes here).
 */
final class ShellPattern {
    private static final int ANY = -1;
    private static final int STAR = -2;
    private static final int NO_MATCH = -1;

    private final int[] tokens;
    private final ParseLimits limits;

    private ShellPattern(int[] tokens, ParseLimits limits) {
        this.tokens = tokens;
        this.limits = limits;
    }

    static ShellPattern compile(String pattern, ParseLimits limits) throws ExpansionException {
        int[] text = pattern.codePoints().toArray();
        int[] tokens = new int[text.length];
        int count = 0;
        for (int i = 0; i < text.length; i++) {
            int c = text[i];
            if (c == '\\') {
                tokens[count++] = escaped(pattern, text, ++i);
            } else {
                tokens[count++] = c == '*' ? STAR : c == '?' ? ANY : c;
            }
        }
        return new ShellPattern(Arrays.copyOf(tokens, count), limits);
    }

    /** The substitution's own delimiters are escaped too, and then stand for themselves. */
    private static int escaped(String pattern, int[] text, int index) throws ExpansionException {
        if (index < text.length && "*?\\}/".indexOf(text[index]) >= 0) {
            return text[index];
        }
        String escape = index < text.length ? "\\" + Character.toString(text[index]) : "\\";
        throw new ExpansionException(
                "invalid pattern (" + pattern + ") in substitution: invalid escape '" + escape + "'");
    }

    /** The value without the shortest or longest start that matches; unchanged where none does. */
    String withoutPrefix(String value, boolean longest) throws ExpansionException {
        int[] text = value.codePoints().toArray();
        int end = ends(text, longest)[0];
        return end == NO_MATCH ? value : string(text, end, text.length);
    }

    /** The value without the shortest or longest end that matches; unchanged where none does. */
    String withoutSuffix(String value, boolean longest) throws ExpansionException {
        int[] text = reversed(value.codePoints().toArray());
        int end = new ShellPattern(reversed(tokens), limits).ends(text, longest)[0];
        return end == NO_MATCH ? value : string(reversed(text), 0, text.length - end);
    }

    /** The value with the first match, or all matches, replaced; each match is as long as possible. */
    String replace(String value, String replacement, boolean all) throws ExpansionException {
        int[] text = value.codePoints().toArray();
        int[] ends = ends(text, true);
        StringBuilder result = new StringBuilder();
        int copied = 0;
        int lastEnd = NO_MATCH;
        for (int i = 0; i <= text.length && (all || lastEnd == NO_MATCH); i++) {
            // Nothing is found once more directly behind a match: "aa" has one "a*", not two.
            if (ends[i] > i || (ends[i] == i && i != lastEnd)) {
                result.append(string(text, copied, i)).append(replacement);
                requireLength(result);
                copied = ends[i];
                lastEnd = ends[i];
                i = Math.max(i, ends[i] - 1);
            }
        }
        return result.append(string(text, copied, text.length)).toString();
    }

    private void requireLength(StringBuilder result) throws ExpansionException {
        if (result.length() > limits.expansion()) {
            throw new ExpansionException(
                    "a word expands to more than " + limits.expansion() + " characters (limit expansion)");
        }
    }

    /**
     * Where the shortest or longest match that starts at each index ends. One pass from the back, so that the work is
     * bounded by pattern times text, however many stars there are.
     */
    private int[] ends(int[] text, boolean longest) throws ExpansionException {
        requireWork(text.length);
        int[] ends = new int[text.length + 1];
        int[] behind = new int[tokens.length + 1];
        for (int i = text.length; i >= 0; i--) {
            int[] here = new int[tokens.length + 1];
            here[tokens.length] = i;
            for (int j = tokens.length - 1; j >= 0; j--) {
                here[j] = end(text, i, j, here, behind, longest);
            }
            ends[i] = here[0];
            behind = here;
        }
        return ends;
    }

    private int end(int[] text, int i, int j, int[] here, int[] behind, boolean longest) {
        boolean last = i == text.length;
        if (tokens[j] == STAR) {
            int empty = here[j + 1];
            int more = last ? NO_MATCH : behind[j];
            if (empty == NO_MATCH || more == NO_MATCH) {
                return Math.max(empty, more);
            }
            return longest ? Math.max(empty, more) : Math.min(empty, more);
        }
        return !last && (tokens[j] == ANY || tokens[j] == text[i]) ? behind[j + 1] : NO_MATCH;
    }

    private void requireWork(int length) throws ExpansionException {
        if ((long) length * tokens.length > limits.patternWork()) {
            throw new ExpansionException("a pattern of " + tokens.length + " characters on a value of " + length
                    + " is too much work (limit pattern-work)");
        }
    }

    private static int[] reversed(int[] values) {
        int[] result = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            result[values.length - 1 - i] = values[i];
        }
        return result;
    }

    private static String string(int[] text, int from, int to) {
        return new String(text, from, to - from);
    }
}
