package dev.jbuild.dockerfile;

import java.util.Optional;

/** A part of an instruction that knows where it stands, so that errors about it can say so. */
record Slice(LogicalLine line, int start, int end) {
    static Slice all(LogicalLine line) {
        return new Slice(line, 0, line.text().length());
    }

    int length() {
        return end - start;
    }

    boolean isEmpty() {
        return start == end;
    }

    char charAt(int index) {
        return line.text().charAt(start + index);
    }

    String text() {
        return line.text().substring(start, end);
    }

    Word word() {
        return new Word(text());
    }

    Slice sub(int from, int to) {
        return new Slice(line, start + from, start + to);
    }

    Slice from(int index) {
        return sub(index, length());
    }

    /** The index of a character, or -1. */
    int indexOf(char c) {
        int index = line.text().indexOf(c, start, end);
        return index < 0 ? -1 : index - start;
    }

    /** Without white space at either end. */
    Slice trim() {
        int from = 0;
        int to = length();
        while (from < to && Whitespace.isSpace(charAt(from))) {
            from++;
        }
        while (to > from && Whitespace.isSpace(charAt(to - 1))) {
            to--;
        }
        return sub(from, to);
    }

    SourceRange range() {
        Position first = line.position(start);
        return new SourceRange(first, line.position(Math.max(start, end - 1)).line());
    }

    DockerfileException error(String sentence) {
        return error(sentence, Optional.empty());
    }

    DockerfileException error(String sentence, Optional<String> suggestion) {
        return new DockerfileException(line.file(), line.range(), line.position(start), sentence, suggestion);
    }

    DockerfileException error(ExpansionException cause) {
        DockerfileException error = error(String.valueOf(cause.getMessage()), cause.suggestion());
        error.initCause(cause);
        return error;
    }
}
