package dev.jbuild.dockerfile;

/**
 * A {@code key=value} of ENV or LABEL, both sides unexpanded.
 *
 * @param spaced whether it is written in the old way, with blanks in the place of the {@code =}
 */
public record Assignment(Word key, Word value, boolean spaced) {}
