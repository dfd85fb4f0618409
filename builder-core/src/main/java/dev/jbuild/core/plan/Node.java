package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.SourceRange;
import java.util.List;

/**
 * A step with what it works on.
 *
 * @param number counted from 0 in the order of the Dockerfile; equal numbers, equal nodes
 * @param inputs the filesystem that the step changes, then the one that it copies from, if any
 * @param title how the step is called in progress and errors: {@code [stage 2/5] RUN make}
 * @param range the instruction's lines
 * @param rooted whether the filesystem is needed as a tree anyway, because some RUN of the target works on it: then a copy
 *     looks its destination up in it; else a copy must do without the base's layers
 * @param fresh whether the step runs although a result is cached
 */
public record Node(
        int number, Step step, List<Node> inputs, String title, SourceRange range, boolean rooted, boolean fresh) {
    public Node {
        inputs = List.copyOf(inputs);
    }

    /** The filesystem that the step changes. */
    public Node parent() {
        return inputs.getFirst();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Node node && node.number == number;
    }

    @Override
    public int hashCode() {
        return number;
    }
}
