package dev.jbuild.dockerfile;

import java.util.List;

/**
 * What an instruction looked like in its file.
 *
 * @param original the instruction with its continuations joined and its comments left out, without here-document bodies
 * @param flags every {@code --flag} as written, in order
 * @param comments the comment lines directly above, without {@code #}: the descriptions of an ARG or a stage
 */
public record Source(SourceRange range, String original, List<Flag> flags, List<String> comments) {
    public Source {
        flags = List.copyOf(flags);
        comments = List.copyOf(comments);
    }
}
