package dev.jbuild.dockerfile;

import java.util.List;

/** Makes strings of words: replaces variables, processes quotes and escapes. */
public final class WordExpander {
    private final char escape;
    private final ParseLimits limits;

    /** @param escape the Dockerfile's {@linkplain Directives#escape() escape character} */
    public WordExpander(char escape, ParseLimits limits) {
        this.escape = escape;
        this.limits = limits;
    }

    /** The word as one string, blanks included. */
    public String expand(Word word, Variables variables) throws ExpansionException {
        return new ShellLexer(escape, ShellLexer.Mode.WORD, limits, word.text(), variables).word();
    }

    /** The word split at the blanks outside quotes, also at those of the values of unquoted variables (EXPOSE). */
    public List<String> expandWords(Word word, Variables variables) throws ExpansionException {
        return new ShellLexer(escape, ShellLexer.Mode.WORD, limits, word.text(), variables).words();
    }

    /**
     * The text of a here-document that COPY or ADD writes: variables are replaced unless its delimiter was quoted, and
     * quotes are literal. Its escape character is the shell's, whatever the directive says.
     */
    public String expand(Heredoc heredoc, Variables variables) throws ExpansionException {
        return heredoc.expand()
                ? new ShellLexer('\\', ShellLexer.Mode.BODY, limits, heredoc.body(), variables).word()
                : heredoc.body();
    }
}
