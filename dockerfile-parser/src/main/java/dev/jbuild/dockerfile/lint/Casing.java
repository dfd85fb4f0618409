package dev.jbuild.dockerfile.lint;

import java.util.Locale;

/** How a keyword is written. */
enum Casing {
    LOWER,
    UPPER,
    MIXED;

    static Casing of(String word) {
        if (word.equals(word.toLowerCase(Locale.ROOT))) {
            return LOWER;
        }
        return word.equals(word.toUpperCase(Locale.ROOT)) ? UPPER : MIXED;
    }
}
