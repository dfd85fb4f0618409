package dev.jbuild.dockerfile;

import java.util.List;
import java.util.Optional;

/**
 * What COPY and ADD have in common: which files go where, and how they arrive.
 *
 * @param sources paths (or URLs, for ADD) in order, unexpanded
 * @param heredocs files whose content stands in the Dockerfile, in order; their name is the delimiter
 * @param exclude patterns in the manner of {@code .dockerignore}; they are not expanded
 */
public record Transfer(
        List<Word> sources,
        List<Heredoc> heredocs,
        Word destination,
        Optional<Word> chown,
        Optional<Word> chmod,
        boolean link,
        List<String> exclude) {
    public Transfer {
        sources = List.copyOf(sources);
        heredocs = List.copyOf(heredocs);
        exclude = List.copyOf(exclude);
    }
}
