package dev.jbuild.dockerfile;

/**
 * Text whose variables, quotes and escapes are still unprocessed; only {@link WordExpander} makes a string of it, so
 * expanding twice or never does not compile.
 */
public record Word(String text) {
    @Override
    public String toString() {
        return text;
    }
}
