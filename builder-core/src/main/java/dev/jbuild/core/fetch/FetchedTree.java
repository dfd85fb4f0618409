package dev.jbuild.core.fetch;

/**
 * A tree of the store that holds what was fetched.
 *
 * @param treeId follows from the content alone: equal ids, equal files, times included
 * @param reused whether nothing had to be fetched
 */
public record FetchedTree(String treeId, boolean reused) {}
