package dev.jbuild.layer.tree;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * What lies below a layer that is being written. It may be in the making itself: it is opened, and so waited for, when
 * something of it must be known, which for a layer that names its directories and removes nothing is at its end. Used by one thread.
 */
public final class LowerTree implements Closeable {
    private final Opening opening;
    private Optional<StackedTree> opened = Optional.empty();

    /** Opens the stack of the layers below, once they are made. */
    @FunctionalInterface
    public interface Opening {
        StackedTree open() throws IOException;
    }

    public LowerTree(Opening opening) {
        this.opening = opening;
    }

    /** Waits for the layers below to be made. */
    public void await() throws IOException {
        tree();
    }

    StackedTree tree() throws IOException {
        if (opened.isEmpty()) {
            opened = Optional.of(opening.open());
        }
        return opened.get();
    }

    /** Closes what was opened. */
    @Override
    public void close() {
        opened.ifPresent(StackedTree::close);
    }
}
