package dev.jbuild.core;

/** What a prune took away. */
public record PruneSummary(long freedBytes, int objects) {}
