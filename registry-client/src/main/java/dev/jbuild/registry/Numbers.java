package dev.jbuild.registry;

import java.util.OptionalLong;

/** Reads the numbers in header fields, where only digits may stand. */
final class Numbers {
    private static final int MOST_DIGITS = 18;

    private Numbers() {}

    static OptionalLong parse(String text) {
        if (text.isEmpty() || text.length() > MOST_DIGITS) {
            return OptionalLong.empty();
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return OptionalLong.empty();
            }
        }
        return OptionalLong.of(Long.parseLong(text));
    }
}
