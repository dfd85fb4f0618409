package dev.jbuild.layer;

import java.io.Serializable;

/** One of the {@link LayerLimits}, by its name and value there. */
public record LayerLimit(String name, long value) implements Serializable {
    /** As refusals name it, in brackets. */
    @Override
    public String toString() {
        return "(" + name + ")";
    }
}
