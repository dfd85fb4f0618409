package dev.jbuild.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one text as a shell would read a word list: quotes, escapes and {@code $} substitutions. For one use each. */
final class ShellLexer {
    private static final int END = -1;

    /**
     * What is kept as written.
     *
     * @param rawQuotes quotes stay in the result
     * @param rawEscapes escape characters stay in the result
     * @param plainQuotes quotes mean nothing, as in a here-document
     * @param keepUnset a variable without value stays in the result
     */
    record Mode(boolean rawQuotes, boolean rawEscapes, boolean plainQuotes, boolean keepUnset) {
        /** For words: everything is processed. */
        static final Mode WORD = new Mode(false, false, false, false);
        /** For the bodies of here-documents. */
        static final Mode BODY = new Mode(false, false, true, false);
        /** Splits only. */
        static final Mode RAW = new Mode(true, true, false, true);
        /** Removes quotes and escapes only. */
        static final Mode KEEP_UNSET = new Mode(false, false, false, true);
    }

    private final char escape;
    private final Mode mode;
    private final ParseLimits limits;
    private final String source;
    private final Variables variables;
    private int at;
    private int depth;

    ShellLexer(char escape, Mode mode, ParseLimits limits, String source, Variables variables) {
        this.escape = escape;
        this.mode = mode;
        this.limits = limits;
        this.source = source;
        this.variables = variables;
    }

    /** The whole text as one word. */
    String word() throws ExpansionException {
        return until(END, mode.rawEscapes()).text.toString();
    }

    /** The text split at the white space outside quotes, also at that of substituted values. */
    List<String> words() throws ExpansionException {
        return until(END, mode.rawEscapes()).words();
    }

    private int peek() {
        return at < source.length() ? source.codePointAt(at) : END;
    }

    private int next() {
        int c = peek();
        at += c == END ? 0 : Character.charCount(c);
        return c;
    }

    /** What has been read: as one text, and as words. */
    private final class Output {
        final StringBuilder text = new StringBuilder();
        private final List<String> words = new ArrayList<>();
        private final StringBuilder word = new StringBuilder();

        void add(int c) throws ExpansionException {
            text.appendCodePoint(c);
            split(c);
            require(text);
        }

        void addRaw(int c) throws ExpansionException {
            text.appendCodePoint(c);
            word.appendCodePoint(c);
            require(text);
        }

        void add(String value) throws ExpansionException {
            text.append(value);
            for (int i = 0; i < value.length(); i += Character.charCount(value.codePointAt(i))) {
                split(value.codePointAt(i));
            }
            require(text);
        }

        void addRaw(String value) throws ExpansionException {
            text.append(value);
            word.append(value);
            require(text);
        }

        private void split(int c) {
            if (!Whitespace.isSpace(c)) {
                word.appendCodePoint(c);
            } else {
                endWord();
            }
        }

        private void endWord() {
            if (!word.isEmpty()) {
                words.add(word.toString());
                word.setLength(0);
            }
        }

        List<String> words() {
            endWord();
            return words;
        }
    }

    private void require(StringBuilder text) throws ExpansionException {
        if (text.length() > limits.expansion()) {
            throw new ExpansionException(
                    "a word expands to more than " + limits.expansion() + " characters (limit expansion)");
        }
    }

    private Output until(int stop, boolean rawEscapes) throws ExpansionException {
        Output out = new Output();
        while (peek() != END) {
            int c = peek();
            if (c == stop) {
                next();
                return out;
            }
            if (c == '$') {
                out.add(dollar());
            } else if (c == '<') {
                out.addRaw(lessThan());
            } else if (!mode.plainQuotes() && c == '\'') {
                out.addRaw(singleQuoted());
            } else if (!mode.plainQuotes() && c == '"') {
                out.addRaw(doubleQuoted(rawEscapes));
            } else {
                plain(out, rawEscapes);
            }
        }
        if (stop != END) {
            throw new ExpansionException(
                    "unexpected end of statement while looking for matching " + Character.toString(stop));
        }
        return out;
    }

    private void plain(Output out, boolean rawEscapes) throws ExpansionException {
        int c = next();
        if (c != escape) {
            out.add(c);
            return;
        }
        if (rawEscapes) {
            out.addRaw(c);
        }
        int escaped = next();
        // An escape character at the very end escapes nothing and goes away.
        if (escaped != END) {
            out.addRaw(escaped);
        }
    }

    /** A here-document's blanks belong to the word that follows: {@code << EOF} is one word. */
    private String lessThan() {
        int start = at;
        next();
        if (peek() == '<') {
            next();
            while (peek() == ' ' || peek() == '\t' || peek() == '\r') {
                next();
            }
        }
        return source.substring(start, at);
    }

    private String singleQuoted() throws ExpansionException {
        int start = at;
        int end = source.indexOf('\'', start + 1);
        if (end < 0) {
            throw new ExpansionException("unexpected end of statement while looking for matching single-quote");
        }
        at = end + 1;
        return mode.rawQuotes() ? source.substring(start, at) : source.substring(start + 1, end);
    }

    private String doubleQuoted(boolean rawEscapes) throws ExpansionException {
        StringBuilder text = new StringBuilder();
        next();
        while (peek() != '"') {
            if (peek() == END) {
                throw new ExpansionException("unexpected end of statement while looking for matching double-quote");
            }
            if (peek() == '$') {
                text.append(dollar());
            } else {
                quotedCharacter(text, rawEscapes);
            }
            require(text);
        }
        next();
        return mode.rawQuotes() ? "\"" + text + "\"" : text.toString();
    }

    private void quotedCharacter(StringBuilder text, boolean rawEscapes) {
        int c = next();
        if (c == escape) {
            if (rawEscapes) {
                text.appendCodePoint(c);
            }
            int escaped = peek();
            if (escaped == END) {
                return;
            }
            if (escaped == '"' || escaped == '$' || escaped == escape) {
                c = next();
            }
        }
        text.appendCodePoint(c);
    }

    private String dollar() throws ExpansionException {
        next();
        if (peek() == '{') {
            next();
            return braced();
        }
        String name = name();
        if (name.isEmpty()) {
            return "$";
        }
        Optional<String> value = variables.get(name);
        return value.isEmpty() && mode.keepUnset() ? "$" + name : value.orElse("");
    }

    private String braced() throws ExpansionException {
        int c = peek();
        if (c == END) {
            throw missingBrace();
        }
        if (c == '{' || c == '}' || c == ':') {
            throw new ExpansionException("syntax error: bad substitution");
        }
        if (++depth > limits.nesting()) {
            throw new ExpansionException("substitutions nest deeper than " + limits.nesting() + " (limit nesting)");
        }
        String value = substitution();
        depth--;
        return value;
    }

    private String substitution() throws ExpansionException {
        String name = name();
        int c = next();
        return switch (c) {
            case '}' -> {
                Optional<String> value = variables.get(name);
                yield value.isEmpty() && mode.keepUnset() ? "${" + name + "}" : value.orElse("");
            }
            case ':' -> modified(name, next(), true);
            case '+', '-', '?', '#', '%' -> modified(name, c, false);
            case '/' -> replaced(name);
            case END -> throw missingBrace();
            default -> throw unsupported(Character.toString(c));
        };
    }

    private String modified(String name, int modifier, boolean emptyIsUnset) throws ExpansionException {
        if (modifier == END) {
            throw missingBrace();
        }
        String written = (emptyIsUnset ? ":" : "") + Character.toString(modifier);
        boolean pattern = modifier == '#' || modifier == '%';
        if ((pattern && emptyIsUnset) || "+-?#%".indexOf(modifier) < 0) {
            throw unsupported(written);
        }
        String word = part('}', pattern, "syntax error: missing '}'");
        Optional<String> value = variables.get(name);
        if (value.isEmpty() && mode.keepUnset()) {
            return "${" + name + written + word + "}";
        }
        boolean absent = value.isEmpty() || (emptyIsUnset && value.get().isEmpty());
        return switch (modifier) {
            case '-' -> absent ? word : value.orElse("");
            case '+' -> absent ? "" : word;
            case '?' -> required(name, value, absent, word);
            default -> trimmed(value.orElse(""), word, modifier);
        };
    }

    private static String required(String name, Optional<String> value, boolean absent, String message)
            throws ExpansionException {
        if (!absent) {
            return value.orElse("");
        }
        String standard = value.isEmpty() ? "is not allowed to be unset" : "is not allowed to be empty";
        throw new ExpansionException(name + ": " + (message.isEmpty() ? standard : message));
    }

    private String trimmed(String value, String word, int modifier) throws ExpansionException {
        boolean longest = !word.isEmpty() && word.charAt(0) == modifier;
        ShellPattern pattern = ShellPattern.compile(longest ? word.substring(1) : word, limits);
        return modifier == '%' ? pattern.withoutSuffix(value, longest) : pattern.withoutPrefix(value, longest);
    }

    private String replaced(String name) throws ExpansionException {
        boolean all = peek() == '/';
        if (all) {
            next();
        }
        String pattern = part('/', true, "syntax error: missing '/' in ${}");
        String replacement = part('}', true, "syntax error: missing '}'");
        Optional<String> value = variables.get(name);
        if (value.isEmpty() && mode.keepUnset()) {
            return "${" + name + "/" + pattern + "/" + replacement + "}";
        }
        return ShellPattern.compile(pattern, limits).replace(value.orElse(""), replacement, all);
    }

    /** A word inside a substitution; where the text ends too early, that is what is wrong. */
    private String part(int stop, boolean rawEscapes, String missing) throws ExpansionException {
        try {
            return until(stop, rawEscapes).text.toString();
        } catch (ExpansionException e) {
            throw peek() == END ? new ExpansionException(missing) : e;
        }
    }

    /** Letters, digits and underscores; or digits only; or one special parameter. Empty where none stands here. */
    private String name() {
        int start = at;
        int first = peek();
        if (first == END) {
            return "";
        }
        if (Character.isDigit(first)) {
            while (Character.isDigit(peek())) {
                next();
            }
        } else if ("@*#?-$!".indexOf(first) >= 0) {
            next();
        } else {
            while (isNamePart(peek())) {
                next();
            }
        }
        return source.substring(start, at);
    }

    private static boolean isNamePart(int c) {
        return c == '_' || (c != END && (Character.isLetter(c) || Character.isDigit(c)));
    }

    private static ExpansionException missingBrace() {
        return new ExpansionException("syntax error: missing '}'");
    }

    private static ExpansionException unsupported(String modifier) {
        return new ExpansionException("unsupported modifier (" + modifier + ") in substitution");
    }
}
