package dev.jbuild.dockerfile;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One {@code key=value} or {@code key} of a flag's value.
 *
 * @param key in lower case
 */
record OptionField(String text, String key, Optional<String> value) {
    static OptionField of(String text) {
        int equals = text.indexOf('=');
        return equals < 0
                ? new OptionField(text, text.toLowerCase(Locale.ROOT), Optional.empty())
                : new OptionField(
                        text,
                        text.substring(0, equals).toLowerCase(Locale.ROOT),
                        Optional.of(text.substring(equals + 1)));
    }

    String requiredValue() throws ExpansionException {
        if (value.isEmpty()) {
            throw new ExpansionException("the field '" + Excerpt.visible(text, 80) + "' must be a key=value pair");
        }
        return value.get();
    }

    /** The truth of a field that may stand without value; spelt as Go spells booleans. */
    boolean isTrue() throws ExpansionException {
        return switch (value.orElse("true")) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> throw invalid();
        };
    }

    /** A number of at most 32 bits. */
    long number(int radix) throws ExpansionException {
        String digits = requiredValue();
        boolean numeric = !digits.isEmpty()
                && digits.length() <= 32
                && digits.chars().allMatch(c -> c < 128 && Character.digit(c, radix) >= 0);
        try {
            long number = numeric ? Long.parseLong(digits, radix) : -1;
            if (number >= 0 && number <= 0xFFFF_FFFFL) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw invalid();
        }
        throw invalid();
    }

    ExpansionException invalid() {
        return new ExpansionException("invalid value for " + key + ": " + Excerpt.visible(value.orElse(""), 80));
    }

    ExpansionException unexpected(List<String> keys) {
        return new ExpansionException(
                "unexpected key '" + Excerpt.visible(key, 80) + "' in '" + Excerpt.visible(text, 80) + "'",
                Suggestion.nearest(key, keys));
    }
}
