package dev.jbuild.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Joins physical lines to instructions: comments, continuations and here-documents are its matter. */
final class LineReader {
    private final String file;
    private final List<SourceLines.Line> lines;
    private final char escape;
    private final ParseLimits limits;
    private final Optional<SourceRange> place;
    private final List<String> comments = new ArrayList<>();
    private int next;

    /**
     * @param first the line to begin with, counted from 0
     * @param place where everything is said to stand; empty where each line stands in the file itself
     */
    LineReader(
            String file,
            List<SourceLines.Line> lines,
            int first,
            char escape,
            ParseLimits limits,
            Optional<SourceRange> place) {
        this.file = file;
        this.lines = lines;
        this.next = first;
        this.escape = escape;
        this.limits = limits;
        this.place = place;
    }

    /** The next instruction, or empty at the end of the file. */
    Optional<LogicalLine> next() throws DockerfileException {
        while (next < lines.size()) {
            String text = lines.get(next).text();
            int indent = indentOf(text);
            if (indent == text.length()) {
                next++;
            } else if (text.charAt(indent) == '#') {
                addComment(text.substring(indent + 1).strip());
                next++;
            } else {
                return Optional.of(join());
            }
        }
        return Optional.empty();
    }

    /** An instruction's place, with its here-documents, once they are read. */
    SourceRange rangeOf(LogicalLine line) {
        return place.isPresent() ? place.get() : new SourceRange(line.range().start(), next);
    }

    private void addComment(String comment) {
        if (comment.isEmpty()) {
            comments.clear();
        } else {
            comments.add(comment);
        }
    }

    private LogicalLine join() throws DockerfileException {
        int first = next;
        StringBuilder text = new StringBuilder();
        List<LogicalLine.Piece> pieces = new ArrayList<>();
        boolean more = true;
        boolean blank = false;
        while (more && next < lines.size()) {
            String line = lines.get(next).text();
            int indent = indentOf(line);
            boolean content = next == first || (indent < line.length() && line.charAt(indent) != '#');
            blank |= indent == line.length();
            if (content) {
                requireText(next);
                int end = continuation(line);
                more = end >= 0;
                // Continued lines keep their indentation: it is part of the text that a shell gets.
                int from = next == first ? indent : 0;
                pieces.add(new LogicalLine.Piece(text.length(), new Position(next + 1, from + 1)));
                text.append(line, from, more ? end : line.length());
                requireLength(text, first);
            }
            next++;
        }
        return logicalLine(text.toString(), pieces, blank ? OptionalInt.of(next) : OptionalInt.empty());
    }

    private LogicalLine logicalLine(String text, List<LogicalLine.Piece> pieces, OptionalInt emptyContinuation)
            throws DockerfileException {
        SourceRange range = place.isPresent()
                ? place.get()
                : new SourceRange(pieces.getFirst().position(), next);
        if (text.isBlank()) {
            throw new DockerfileException(file, range, "the continuation character continues no instruction");
        }
        LogicalLine line =
                new LogicalLine(file, text, place.isPresent() ? List.of() : pieces, range, comments, emptyContinuation);
        comments.clear();
        return line;
    }

    /** Where a line's text ends when it is continued, or -1. A doubled escape character continues nothing. */
    private int continuation(String line) {
        int end = line.length();
        while (end > 0 && (line.charAt(end - 1) == ' ' || line.charAt(end - 1) == '\t')) {
            end--;
        }
        boolean escaped = end > 0 && line.charAt(end - 1) == escape;
        return escaped && (end == 1 || line.charAt(end - 2) != escape) ? end - 1 : -1;
    }

    private static int indentOf(String line) {
        int indent = 0;
        while (indent < line.length() && Whitespace.isSpace(line.charAt(indent))) {
            indent++;
        }
        return indent;
    }

    /** The bodies of the here-documents that an instruction names, in order. */
    List<Heredoc> bodies(LogicalLine line, List<HeredocHeader> headers) throws DockerfileException {
        List<Heredoc> heredocs = new ArrayList<>();
        for (HeredocHeader header : headers) {
            heredocs.add(body(line, header));
        }
        return heredocs;
    }

    private Heredoc body(LogicalLine line, HeredocHeader header) throws DockerfileException {
        StringBuilder content = new StringBuilder();
        while (next < lines.size()) {
            SourceLines.Line raw = lines.get(next);
            requireUtf8(next);
            next++;
            if (header.isEndedBy(raw.text())) {
                return new Heredoc(header.name(), content.toString(), header.expand(), header.stripTabs());
            }
            content.append(raw.raw());
        }
        throw new DockerfileException(
                file,
                line.range(),
                "unterminated heredoc: no line is just \"" + Excerpt.visible(header.name(), 80) + "\"");
    }

    private void requireText(int index) throws DockerfileException {
        requireUtf8(index);
        int nul = lines.get(index).raw().indexOf('\0');
        if (nul >= 0) {
            throw error(index, nul, "a NUL character cannot be part of an instruction");
        }
    }

    private void requireUtf8(int index) throws DockerfileException {
        if (!lines.get(index).isUtf8()) {
            int column = Math.max(0, lines.get(index).raw().indexOf('\uFFFD'));
            throw error(index, column, "the line is not valid UTF-8");
        }
    }

    private void requireLength(CharSequence text, int first) throws DockerfileException {
        if (text.length() > limits.lineLength()) {
            throw error(
                    first,
                    0,
                    "the instruction is longer than " + limits.lineLength() + " characters (limit line-length)");
        }
    }

    private DockerfileException error(int index, int column, String sentence) {
        SourceRange there = new SourceRange(new Position(index + 1, column + 1), index + 1);
        return new DockerfileException(file, place.orElse(there), sentence);
    }
}
