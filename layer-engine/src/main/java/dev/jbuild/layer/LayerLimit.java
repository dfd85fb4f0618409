package dev.jbuild.layer;

/** One of the {@link LayerLimits}, by its name and value there. */
public record LayerLimit(String name, long value) {
    /** As a rule that is broken: {@code more than 10 entries (maxEntries)}. */
    public String moreThan(String unit) {
        return "more than " + value + " " + unit + " " + this;
    }

    /** As the end of a rule that begins with what there is: {@code ; the limit (maxXattrs) is 128}. */
    public String asEnd() {
        return "; the limit " + this + " is " + value;
    }

    /** As refusals name it, in brackets. */
    @Override
    public String toString() {
        return "(" + name + ")";
    }
}
