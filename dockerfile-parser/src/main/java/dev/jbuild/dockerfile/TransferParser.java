package dev.jbuild.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The grammar of COPY and ADD. */
final class TransferParser {
    private final Statement statement;
    private final List<Heredoc> heredocs;
    private final char escape;
    private final ParseLimits limits;

    TransferParser(Statement statement, List<Heredoc> heredocs, char escape, ParseLimits limits) {
        this.statement = statement;
        this.heredocs = heredocs;
        this.escape = escape;
        this.limits = limits;
    }

    Instruction.Copy copy(Source source) throws DockerfileException {
        Optional<Word> word = statement.flags().text("from");
        Optional<String> from = word.isPresent() ? Optional.of(word.get().text()) : Optional.empty();
        if (from.isPresent() && !isLiteral(from.get())) {
            throw statement.error("--from does not support variable expansion: define a stage with FROM, whose line"
                    + " can use global ARGs, and name that");
        }
        return new Instruction.Copy(transfer(), from, statement.flags().isTrue("parents"), source);
    }

    /** Whether expanding would leave the text as it is. */
    private boolean isLiteral(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '$' || c == '\'' || c == '"' || c == escape) {
                return false;
            }
        }
        return true;
    }

    Instruction.Add add(Source source) throws DockerfileException {
        Flags flags = statement.flags();
        return new Instruction.Add(
                transfer(), flags.text("checksum"), flags.truth("keep-git-dir"), flags.truth("unpack"), source);
    }

    private Transfer transfer() throws DockerfileException {
        List<Word> words = statement.words(limits);
        if (words.size() < 2) {
            throw statement.error("requires at least two arguments: what to copy, and where to");
        }
        if (isHeredoc(words.getLast())) {
            throw statement.error("cannot accept a heredoc as a destination");
        }
        List<Word> sources = words.subList(0, words.size() - 1).stream()
                .filter(word -> !isHeredoc(word))
                .toList();
        List<Heredoc> contents = heredocs(words.subList(0, words.size() - 1));
        if (words.size() - 1 - sources.size() != contents.size()) {
            throw statement.error("names its heredocs in a way that is not clear: write <<NAME without blanks between");
        }
        Flags flags = statement.flags();
        List<String> exclude = new ArrayList<>();
        for (Word pattern : flags.list("exclude")) {
            exclude.add(pattern.text());
        }
        return new Transfer(
                sources,
                contents,
                words.getLast(),
                flags.text("chown"),
                flags.text("chmod"),
                flags.isTrue("link"),
                exclude);
    }

    /** The JSON form has no bodies, but BuildKit takes a word of it that announces one for a file without content. */
    private List<Heredoc> heredocs(List<Word> words) throws DockerfileException {
        return statement.json(limits).isEmpty()
                ? heredocs
                : words.stream()
                        .flatMap(word -> HeredocHeader.parse(word.text()).stream())
                        .map(header -> new Heredoc(header.name(), "", header.expand(), header.stripTabs()))
                        .toList();
    }

    private static boolean isHeredoc(Word word) {
        return HeredocHeader.parse(word.text()).isPresent();
    }
}
