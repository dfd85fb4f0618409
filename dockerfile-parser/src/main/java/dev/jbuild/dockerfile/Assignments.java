package dev.jbuild.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The grammar of ENV, LABEL and ARG: words with quotes, and pairs of names and values. */
final class Assignments {
    private Assignments() {}

    /** {@code key=value ...}, or the old {@code key rest of the line}, which is one pair. */
    static List<Assignment> pairs(Statement statement, char escape) throws DockerfileException {
        List<Slice> words = words(statement.args(), escape);
        if (words.isEmpty()) {
            throw statement.error("requires at least one argument");
        }
        if (words.getFirst().indexOf('=') < 0) {
            return List.of(oldPair(statement));
        }
        List<Assignment> pairs = new ArrayList<>();
        for (Slice word : words) {
            pairs.add(pair(statement, word));
        }
        return pairs;
    }

    private static Assignment oldPair(Statement statement) throws DockerfileException {
        Slice args = statement.args();
        int end = 0;
        while (end < args.length() && !Whitespace.isBlank(args.charAt(end))) {
            end++;
        }
        int value = end;
        while (value < args.length() && Whitespace.isBlank(args.charAt(value))) {
            value++;
        }
        if (value == args.length()) {
            throw args.error(statement.keyword() + " must have two arguments: a name and a value");
        }
        return new Assignment(args.sub(0, end).word(), args.from(value).word(), true);
    }

    private static Assignment pair(Statement statement, Slice word) throws DockerfileException {
        int equals = word.indexOf('=');
        if (equals < 0) {
            throw word.error(
                    "cannot find = in \"" + Excerpt.visible(word.text(), 80) + "\": it must be of the form name=value");
        }
        if (equals == 0) {
            throw word.error(statement.keyword() + " names cannot be blank");
        }
        return new Assignment(word.sub(0, equals).word(), word.from(equals + 1).word(), false);
    }

    /** {@code name} or {@code name=default}, several of them. */
    static List<Instruction.Arg.Definition> definitions(Statement statement, char escape) throws DockerfileException {
        List<Instruction.Arg.Definition> definitions = new ArrayList<>();
        for (Slice word : words(statement.args(), escape)) {
            if (word.indexOf('=') < 0) {
                definitions.add(new Instruction.Arg.Definition(word.word(), Optional.empty()));
            } else {
                Assignment pair = pair(statement, word);
                definitions.add(new Instruction.Arg.Definition(pair.key(), Optional.of(pair.value())));
            }
        }
        if (definitions.isEmpty()) {
            throw statement.error("requires at least one argument");
        }
        return definitions;
    }

    /** The words between white space, which quotes and escapes keep together; both stay in the words. */
    private static List<Slice> words(Slice text, char escape) {
        List<Slice> words = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            if (Whitespace.isSpace(text.charAt(at))) {
                at++;
            } else {
                int end = wordEnd(text, at, escape);
                words.add(text.sub(at, end));
                at = end;
            }
        }
        return withoutLoneEscape(words, escape);
    }

    private static int wordEnd(Slice text, int start, char escape) {
        char quote = 0;
        int at = start;
        while (at < text.length() && (quote != 0 || !Whitespace.isSpace(text.charAt(at)))) {
            char c = text.charAt(at);
            if (c == escape && quote != '\'' && at + 1 < text.length()) {
                at++;
            } else if (c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
            }
            at++;
        }
        return at;
    }

    /** An escape character at the very end escapes nothing; where it is all there is, there is no word. */
    private static List<Slice> withoutLoneEscape(List<Slice> words, char escape) {
        if (!words.isEmpty() && words.getLast().text().equals(String.valueOf(escape))) {
            words.removeLast();
        }
        return words;
    }
}
