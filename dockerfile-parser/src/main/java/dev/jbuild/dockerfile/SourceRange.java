package dev.jbuild.dockerfile;

import java.util.Optional;

/**
 * Where something stands in a source file: from its first character to the last line that belongs to it.
 *
 * @param trigger what a FROM brought there, when it is not the FROM itself that is meant
 */
public record SourceRange(Position start, int lastLine, Optional<Trigger> trigger) {
    public SourceRange {
        if (lastLine < start.line()) {
            throw new IllegalArgumentException("a range that ends before it starts: " + start + " to " + lastLine);
        }
    }

    public SourceRange(Position start, int lastLine) {
        this(start, lastLine, Optional.empty());
    }

    public int firstLine() {
        return start.line();
    }

    public boolean covers(int line) {
        return line >= firstLine() && line <= lastLine;
    }

    /** The place of a trigger that the FROM here fires. */
    SourceRange firing(Trigger fired) {
        return new SourceRange(start, lastLine, Optional.of(fired));
    }

    /** The cause of an error here, with what brought it here. */
    public String told(String cause) {
        return trigger.map(fired -> fired.shown() + ": ").orElse("") + cause;
    }
}
