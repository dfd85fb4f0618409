package dev.jbuild.core.plan;

/** Numbers the nodes of one graph. */
final class Nodes {
    private int next;

    int number() {
        return next++;
    }
}
