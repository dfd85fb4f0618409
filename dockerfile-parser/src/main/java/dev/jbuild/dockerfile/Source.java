package dev.jbuild.dockerfile;

import java.util.List;
import java.util.OptionalInt;

/**
 * What an instruction looked like in its file.
 *
 * @param original the instruction with its continuations joined and its comments left out, without here-document bodies
 * @param flags every {@code --flag} as written, in order
 * @param comments the comment lines directly above, without {@code #}: the descriptions of an ARG or a stage
 * @param emptyContinuation where a blank line stands between its continuations: the last line that they join
 */
public record Source(
        SourceRange range, String original, List<Flag> flags, List<String> comments, OptionalInt emptyContinuation) {
    public Source {
        flags = List.copyOf(flags);
        comments = List.copyOf(comments);
    }

    /** What the comments above say of something that the instruction defines: the rest of the one that begins with its name. */
    public String description(String name) {
        for (String comment : comments) {
            if (comment.startsWith(name + " ")) {
                return comment.substring(name.length() + 1);
            }
        }
        return "";
    }

    /** The instruction's name, in the case in which it is written. */
    public String keyword() {
        int end = 0;
        while (end < original.length() && !Whitespace.isBlank(original.charAt(end))) {
            end++;
        }
        return original.substring(0, end);
    }

    /** A word of the instruction, counted from its end; what comes before are flags, which may hold blanks. */
    String wordFromEnd(int index) {
        int end = original.length();
        int start = end;
        for (int i = 0; i <= index; i++) {
            end = start;
            while (end > 0 && Whitespace.isBlank(original.charAt(end - 1))) {
                end--;
            }
            start = end;
            while (start > 0 && !Whitespace.isBlank(original.charAt(start - 1))) {
                start--;
            }
        }
        return original.substring(start, end);
    }
}
