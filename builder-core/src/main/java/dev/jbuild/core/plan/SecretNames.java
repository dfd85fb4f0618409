package dev.jbuild.core.plan;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Tells by its name whether a variable likely holds a secret: a word of it, between underscores, says so. Another word may say
 * that it does not: what is public, the file that a secret lies in, its version.
 */
final class SecretNames {
    private static final Set<String> SECRET = Set.of(
            "apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret", "token");

    private static final Set<String> HARMLESS = Set.of("public", "file", "version");

    private SecretNames() {}

    static boolean isLikely(String name) {
        List<String> words = List.of(name.toLowerCase(Locale.ROOT).split("_", -1));
        return words.stream().anyMatch(SECRET::contains) && words.stream().noneMatch(HARMLESS::contains);
    }
}
