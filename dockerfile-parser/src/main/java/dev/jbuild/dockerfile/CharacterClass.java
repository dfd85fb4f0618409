package dev.jbuild.dockerfile;

import java.util.Arrays;

/**
 * What {@code [a-z]} stands for in a pattern: one character in, or with {@code ^} not in, some ranges.
 *
 * @param bounds first and last character of each range
 */
record CharacterClass(boolean negated, int[] bounds) {
    boolean contains(int c) {
        for (int i = 0; i < bounds.length; i += 2) {
            if (bounds[i] <= c && c <= bounds[i + 1]) {
                return !negated;
            }
        }
        return negated;
    }

    /** Reads classes by the rules of Go's {@code filepath.Match}. */
    static final class Reader {
        private final String pattern;
        private final int[] text;
        private int at;

        /** @param at the index behind the opening bracket */
        Reader(String pattern, int[] text, int at) {
            this.pattern = pattern;
            this.text = text;
            this.at = at;
        }

        /** The index behind the closing bracket. */
        int end() {
            return at;
        }

        CharacterClass read() throws BadPatternException {
            boolean negated = at < text.length && text[at] == '^';
            at += negated ? 1 : 0;
            int[] bounds = new int[16];
            int count = 0;
            while (count == 0 || at >= text.length || text[at] != ']') {
                bounds = count == bounds.length ? Arrays.copyOf(bounds, 2 * count) : bounds;
                int low = character();
                bounds[count++] = low;
                bounds[count++] = rangeEnd(low);
            }
            at++;
            return new CharacterClass(negated, Arrays.copyOf(bounds, count));
        }

        private int rangeEnd(int low) throws BadPatternException {
            if (at < text.length && text[at] == '-') {
                at++;
                return character();
            }
            return low;
        }

        private int character() throws BadPatternException {
            if (at < text.length && (text[at] == '-' || text[at] == ']')) {
                throw new BadPatternException(pattern, "a - or ] in brackets must be escaped");
            }
            at += at < text.length && text[at] == '\\' ? 1 : 0;
            if (at >= text.length) {
                throw new BadPatternException(pattern, "a [ without ]");
            }
            return text[at++];
        }
    }
}
