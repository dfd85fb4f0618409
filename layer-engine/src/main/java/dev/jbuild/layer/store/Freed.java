package dev.jbuild.layer.store;

/**
 * What a prune has removed.
 *
 * @param bytes of all files together
 */
public record Freed(int blobs, int trees, int records, long bytes) {}
