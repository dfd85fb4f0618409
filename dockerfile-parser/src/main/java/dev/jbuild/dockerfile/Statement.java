package dev.jbuild.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An instruction cut into its parts.
 *
 * @param whole the instruction, without blanks around it
 * @param args what follows the flags, without blanks around it
 */
record Statement(Keyword keyword, Slice whole, Flags flags, Slice args) {
    static Statement split(Slice text, char escape) throws DockerfileException {
        Slice whole = text.trim();
        int end = 0;
        while (end < whole.length() && !Whitespace.isBlank(whole.charAt(end))) {
            end++;
        }
        Slice name = whole.sub(0, end);
        Optional<Keyword> keyword = Keyword.find(name.text());
        if (keyword.isEmpty()) {
            throw name.error(
                    "unknown instruction: " + Excerpt.visible(name.text(), 80),
                    Suggestion.nearest(name.text(), Keyword.names()));
        }
        FlagReader reader = new FlagReader(whole.from(end), escape);
        Flags flags = Flags.check(keyword.get(), reader.flags());
        return new Statement(keyword.get(), whole, flags, reader.rest().trim());
    }

    /** The strings of a JSON array; empty where the arguments are not one, and then they are the shell form. */
    Optional<List<String>> json(ParseLimits limits) throws DockerfileException {
        return json(args, limits);
    }

    static Optional<List<String>> json(Slice text, ParseLimits limits) throws DockerfileException {
        try {
            return JsonStrings.read(text.text(), limits);
        } catch (ExpansionException e) {
            throw text.error(e);
        }
    }

    /** Only words between blanks, or the strings of a JSON array. */
    List<Word> words(ParseLimits limits) throws DockerfileException {
        Optional<List<String>> json = json(limits);
        List<Word> words = new ArrayList<>();
        if (json.isPresent()) {
            for (String text : json.get()) {
                words.add(new Word(text));
            }
        } else {
            for (Slice word : Whitespace.split(args)) {
                words.add(word.word());
            }
        }
        return words;
    }

    /** The one argument, which is all of the rest. */
    Word only() throws DockerfileException {
        if (args.isEmpty()) {
            throw error("requires exactly one argument");
        }
        return args.word();
    }

    /** An error about the instruction: its name and what is wrong with it. */
    DockerfileException error(String sentence) {
        return whole.error(keyword + " " + sentence);
    }

    Source source(SourceRange range) {
        return new Source(
                range,
                whole.text(),
                flags.all(),
                whole.line().comments(),
                whole.line().emptyContinuation());
    }
}
