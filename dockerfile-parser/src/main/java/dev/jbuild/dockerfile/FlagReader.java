package dev.jbuild.dockerfile;

import java.util.ArrayList;
import java.util.List;

/** Takes the {@code --flags} off the start of an instruction's arguments, and the quotes off the flags. */
final class FlagReader {
    /**
     * A flag as written.
     *
     * @param text with quotes and escapes processed
     * @param place where it stands
     */
    record RawFlag(String text, Slice place) {}

    private final Slice input;
    private final char escape;
    private final List<RawFlag> flags = new ArrayList<>();
    private int at;

    FlagReader(Slice input, char escape) {
        this.input = input;
        this.escape = escape;
        readAll();
    }

    List<RawFlag> flags() {
        return flags;
    }

    /** What follows the flags, and a {@code --} that ends them. */
    Slice rest() {
        return input.from(at);
    }

    private void readAll() {
        skipSpace();
        while (startsFlag()) {
            int start = at;
            String text = flag();
            if (text.equals("--")) {
                return;
            }
            flags.add(new RawFlag(text, input.sub(start, at)));
            skipSpace();
        }
    }

    private boolean startsFlag() {
        return at + 1 < input.length() && input.charAt(at) == '-' && input.charAt(at + 1) == '-';
    }

    private void skipSpace() {
        while (at < input.length() && Whitespace.isBlank(input.charAt(at))) {
            at++;
        }
    }

    private String flag() {
        StringBuilder text = new StringBuilder();
        char quote = 0;
        while (at < input.length() && (quote != 0 || !Whitespace.isBlank(input.charAt(at)))) {
            char c = input.charAt(at++);
            if (c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
            } else if (c != escape) {
                text.append(c);
            } else if (at < input.length()) {
                // An escape character at the very end escapes nothing and goes away.
                text.append(input.charAt(at++));
            }
        }
        return text.toString();
    }
}
