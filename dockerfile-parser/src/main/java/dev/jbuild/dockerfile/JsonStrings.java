package dev.jbuild.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads an instruction's arguments as a JSON array of strings (RFC 8259), to the last character or not at all. */
final class JsonStrings {
    private static final String NUMBER_CHARACTERS = "+-.0123456789Ee";

    private final String text;
    private final ParseLimits limits;
    private final StringBuilder string = new StringBuilder();
    private int at;

    private JsonStrings(String text, ParseLimits limits) {
        this.text = text;
        this.limits = limits;
    }

    /**
     * The strings of the array; empty where the text is not a JSON array, and so the shell form.
     *
     * @throws ExpansionException where it is an array of anything but strings
     */
    static Optional<List<String>> read(String text, ParseLimits limits) throws ExpansionException {
        if (!text.startsWith("[")) {
            return Optional.empty();
        }
        return new JsonStrings(text, limits).array();
    }

    private Optional<List<String>> array() throws ExpansionException {
        List<String> strings = new ArrayList<>();
        boolean onlyStrings = true;
        at++;
        skipBlanks();
        boolean more = !accept(']');
        while (more) {
            skipBlanks();
            boolean isString = peek() == '"';
            if (!value(1)) {
                return Optional.empty();
            }
            onlyStrings &= isString;
            strings.add(string.toString());
            skipBlanks();
            more = accept(',');
            if (!more && !accept(']')) {
                return Optional.empty();
            }
        }
        skipBlanks();
        if (at < text.length()) {
            return Optional.empty();
        }
        if (!onlyStrings) {
            throw new ExpansionException("a JSON array must hold strings only");
        }
        return Optional.of(strings);
    }

    /** Reads a value of any kind; a string's text is then in {@link #string}. */
    private boolean value(int depth) throws ExpansionException {
        if (depth > limits.nesting()) {
            throw new ExpansionException("JSON arrays nest deeper than " + limits.nesting() + " (limit nesting)");
        }
        return switch (peek()) {
            case '"' -> stringValue();
            case '[' -> sequence(']', false, depth);
            case '{' -> sequence('}', true, depth);
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number();
        };
    }

    private boolean sequence(char end, boolean named, int depth) throws ExpansionException {
        at++;
        skipBlanks();
        if (accept(end)) {
            return true;
        }
        do {
            skipBlanks();
            if ((named && !key()) || !value(depth + 1)) {
                return false;
            }
            skipBlanks();
        } while (accept(','));
        return accept(end);
    }

    private boolean key() {
        if (peek() != '"' || !stringValue()) {
            return false;
        }
        skipBlanks();
        boolean colon = accept(':');
        skipBlanks();
        return colon;
    }

    private boolean literal(String word) {
        boolean matches = text.startsWith(word, at);
        at += matches ? word.length() : 0;
        return matches;
    }

    /** Java's grammar of numbers is wider than JSON's, so the leading part is checked apart. */
    private boolean number() {
        int start = at;
        while (at < text.length() && NUMBER_CHARACTERS.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return isNumber(text.substring(start, at));
    }

    private static boolean isNumber(String number) {
        int digits = number.startsWith("-") ? 1 : 0;
        boolean leadingZero = number.startsWith("0", digits)
                && digits + 1 < number.length()
                && Character.isDigit(number.charAt(digits + 1));
        boolean startsWithDigit = digits < number.length() && Character.isDigit(number.charAt(digits));
        int point = number.indexOf('.');
        boolean digitAfterPoint =
                point < 0 || (point + 1 < number.length() && Character.isDigit(number.charAt(point + 1)));
        return startsWithDigit && !leadingZero && digitAfterPoint && isDouble(number);
    }

    private static boolean isDouble(String number) {
        try {
            Double.parseDouble(number);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private boolean stringValue() {
        string.setLength(0);
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                replaceLoneSurrogates();
                return true;
            }
            if (c < ' ' || (c == '\\' && !escape())) {
                return false;
            }
            if (c != '\\') {
                string.append(c);
            }
        }
        return false;
    }

    private boolean escape() {
        char c = at < text.length() ? text.charAt(at++) : 0;
        int simple = "\"\\/bfnrt".indexOf(c);
        if (simple >= 0) {
            string.append("\"\\/\b\f\n\r\t".charAt(simple));
            return true;
        }
        return c == 'u' && unicode();
    }

    private boolean unicode() {
        if (at + 4 > text.length()) {
            return false;
        }
        int value = 0;
        for (int i = 0; i < 4; i++) {
            char c = text.charAt(at++);
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return false;
            }
            value = value * 16 + digit;
        }
        string.append((char) value);
        return true;
    }

    /** Half a character has no encoding; what reads the config would see the replacement character too. */
    private void replaceLoneSurrogates() {
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < string.length()
                    && Character.isLowSurrogate(string.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                string.setCharAt(i, '\uFFFD');
            }
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private boolean accept(char c) {
        boolean is = peek() == c && at < text.length();
        at += is ? 1 : 0;
        return is;
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }
}
