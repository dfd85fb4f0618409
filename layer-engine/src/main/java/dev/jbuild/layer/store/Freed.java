package dev.jbuild.layer.store;

/**
 * What a prune has removed.
 *
 * @param caches directories that steps had kept for later builds
 * @param bytes of all files together
 */
public record Freed(int blobs, int trees, int records, int caches, long bytes) {}
