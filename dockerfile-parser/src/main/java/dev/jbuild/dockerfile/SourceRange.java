package dev.jbuild.dockerfile;

/** Where something stands in a source file: from its first character to the last line that belongs to it. */
public record SourceRange(Position start, int lastLine) {
    public SourceRange {
        if (lastLine < start.line()) {
            throw new IllegalArgumentException("a range that ends before it starts: " + start + " to " + lastLine);
        }
    }

    public int firstLine() {
        return start.line();
    }

    public boolean covers(int line) {
        return line >= firstLine() && line <= lastLine;
    }
}
