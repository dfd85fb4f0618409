package dev.jbuild.dockerfile;

import java.util.List;

/**
 * Makes strings of words: replaces variables, processes quotes and escapes. It counts what it makes, so that a file of many words
 * that are each within their limit ends at a limit too. For one thread.
 */
public final class WordExpander {
    private final char escape;
    private final ParseLimits limits;
    private long made;

    /** @param escape the Dockerfile's {@linkplain Directives#escape() escape character} */
    public WordExpander(char escape, ParseLimits limits) {
        this.escape = escape;
        this.limits = limits;
    }

    /** The word as one string, blanks included. */
    public String expand(Word word, Variables variables) throws ExpansionException {
        return counted(new ShellLexer(escape, ShellLexer.Mode.WORD, limits, word.text(), variables).word());
    }

    /** The word split at the blanks outside quotes, also at those of the values of unquoted variables (EXPOSE). */
    public List<String> expandWords(Word word, Variables variables) throws ExpansionException {
        List<String> words = new ShellLexer(escape, ShellLexer.Mode.WORD, limits, word.text(), variables).words();
        for (String each : words) {
            String _ = counted(each);
        }
        return words;
    }

    /**
     * The text of a here-document that COPY or ADD writes: variables are replaced unless its delimiter was quoted, and
     * quotes are literal. Its escape character is the shell's, whatever the directive says.
     */
    public String expand(Heredoc heredoc, Variables variables) throws ExpansionException {
        return heredoc.expand()
                ? counted(new ShellLexer('\\', ShellLexer.Mode.BODY, limits, heredoc.body(), variables).word())
                : heredoc.body();
    }

    private String counted(String text) throws ExpansionException {
        made += text.length();
        if (made > limits.expansionTotal()) {
            throw new ExpansionException("the words of the file expand to more than " + limits.expansionTotal()
                    + " characters in all (limit expansion-total)");
        }
        return text;
    }
}
