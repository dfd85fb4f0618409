package dev.jbuild.core.plan;

/** A file whose content stands in the Dockerfile, as a heredoc. */
public record InlineFile(String name, String content) {}
