package dev.jbuild.dockerfile;

import java.util.ArrayList;
import java.util.List;

/** What separates words: the language trims Unicode's white space, but splits only at the blanks of ASCII. */
final class Whitespace {
    private Whitespace() {}

    /** Unicode's White_Space property. */
    static boolean isSpace(int c) {
        return isBlank(c)
                || c == '\n'
                || c == 0x85
                || c == 0xA0
                || (c > 0xFF && (Character.isSpaceChar(c) || c == 0x2028 || c == 0x2029));
    }

    /** The blanks that separate the words of one line. */
    static boolean isBlank(int c) {
        return c == ' ' || (c >= '\t' && c <= '\r' && c != '\n');
    }

    /** The text without white space at either end. */
    static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    /** The words between the blanks. */
    static List<Slice> split(Slice text) {
        List<Slice> words = new ArrayList<>();
        int start = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean blank = i == text.length() || isBlank(text.charAt(i));
            if (blank && start >= 0) {
                words.add(text.sub(start, i));
                start = -1;
            } else if (!blank && start < 0) {
                start = i;
            }
        }
        return words;
    }
}
