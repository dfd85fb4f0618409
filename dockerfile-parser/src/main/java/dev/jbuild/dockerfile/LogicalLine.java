package dev.jbuild.dockerfile;

import java.util.List;
import java.util.OptionalInt;

/**
 * An instruction's text with its continuation lines joined.
 *
 * @param file the name of the file, for errors
 * @param pieces which part of the text stands on which physical line, in order; none where all of it stands at the
 *     start of the range, as the text of a trigger does
 * @param comments the comment lines directly above
 * @param emptyContinuation the last line, where a blank one stands between the continuations
 */
record LogicalLine(
        String file,
        String text,
        List<Piece> pieces,
        SourceRange range,
        List<String> comments,
        OptionalInt emptyContinuation) {
    LogicalLine {
        pieces = List.copyOf(pieces);
        comments = List.copyOf(comments);
    }

    /** What one physical line contributes. */
    record Piece(int offset, Position position) {}

    /** Where a character of the text stands in the file. */
    Position position(int offset) {
        if (pieces.isEmpty()) {
            return range.start();
        }
        int low = 0;
        int high = pieces.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (pieces.get(middle).offset() <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        Piece piece = pieces.get(low);
        Position start = piece.position();
        return new Position(start.line(), start.column() + offset - piece.offset());
    }
}
