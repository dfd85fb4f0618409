package dev.jbuild.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The {@code <<NAME} that announces a here-document. It must be a word of its own, with at most a file descriptor before.
 *
 * @param expand whether no part of the name was quoted
 * @param stripTabs whether it was {@code <<-}
 */
record HeredocHeader(String name, boolean expand, boolean stripTabs) {
    // The escape directive does not reach here-documents: a shell reads them too.
    private static final char ESCAPE = '\\';

    /** The headers in an instruction's text, in order; none where the text's quotes do not match. */
    static List<HeredocHeader> all(String text, ParseLimits limits) {
        if (!text.contains("<<")) {
            return List.of();
        }
        List<HeredocHeader> headers = new ArrayList<>();
        for (String word : rawWords(text, limits)) {
            parse(word).ifPresent(headers::add);
        }
        return headers;
    }

    private static List<String> rawWords(String text, ParseLimits limits) {
        try {
            return new ShellLexer(ESCAPE, ShellLexer.Mode.RAW, limits, text, name -> Optional.empty()).words();
        } catch (ExpansionException e) {
            // Not a sentence of the shell as far as we can read it, so nothing in it is a here-document.
            return List.of();
        }
    }

    /** Reads a word that is a header as a whole; empty for all others. */
    static Optional<HeredocHeader> parse(String word) {
        int at = 0;
        while (at < word.length() && word.charAt(at) >= '0' && word.charAt(at) <= '9') {
            at++;
        }
        if (!word.startsWith("<<", at) || word.indexOf('<', at + 2) >= 0) {
            return Optional.empty();
        }
        at += 2;
        boolean stripTabs = at < word.length() && word.charAt(at) == '-';
        return named(word.substring(stripTabs ? at + 1 : at).stripLeading(), stripTabs);
    }

    private static Optional<HeredocHeader> named(String quoted, boolean stripTabs) {
        try {
            List<String> names = new ShellLexer(
                            ESCAPE, ShellLexer.Mode.KEEP_UNSET, ParseLimits.DEFAULT, quoted, name -> Optional.empty())
                    .words();
            if (names.size() != 1) {
                return Optional.empty();
            }
            String name = names.getFirst();
            boolean expand = quotes(name) == quotes(quoted);
            return Optional.of(new HeredocHeader(name, expand, stripTabs));
        } catch (ExpansionException e) {
            // A name with an unmatched quote is none.
            return Optional.empty();
        }
    }

    private static long quotes(String text) {
        return text.chars().filter(c -> c == '\'' || c == '"').count();
    }

    /** Whether a line, without its line ending, is the end of the here-document. */
    boolean isEndedBy(String line) {
        int start = 0;
        while (stripTabs && start < line.length() && line.charAt(start) == '\t') {
            start++;
        }
        return line.length() - start == name.length() && line.startsWith(name, start);
    }
}
