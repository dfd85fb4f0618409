package dev.jbuild.dockerfile;

/** A {@code key=value} of ENV or LABEL, both sides unexpanded. */
public record Assignment(Word key, Word value) {}
