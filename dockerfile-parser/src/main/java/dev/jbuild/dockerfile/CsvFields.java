package dev.jbuild.dockerfile;

import java.util.ArrayList;
import java.util.List;

/** Splits the value of an option at its commas (RFC 4180: quotes around a whole field, doubled inside it). */
final class CsvFields {
    private CsvFields() {}

    /** @param what the option's name, for errors */
    static List<String> split(String what, String text) throws ExpansionException {
        if (text.isEmpty()) {
            throw new ExpansionException("the flag --" + what + " has no value");
        }
        List<String> fields = new ArrayList<>();
        int at = 0;
        boolean more = true;
        while (more) {
            int end = at < text.length() && text.charAt(at) == '"'
                    ? quoted(what, text, at, fields)
                    : plain(what, text, at, fields);
            more = end < text.length();
            at = end + 1;
        }
        return fields;
    }

    private static int plain(String what, String text, int start, List<String> fields) throws ExpansionException {
        int comma = text.indexOf(',', start);
        int end = comma < 0 ? text.length() : comma;
        String field = text.substring(start, end);
        if (field.indexOf('"') >= 0) {
            throw new ExpansionException(
                    "the flag --" + what + " has a quote inside a field: " + Excerpt.visible(field, 80));
        }
        fields.add(field);
        return end;
    }

    private static int quoted(String what, String text, int start, List<String> fields) throws ExpansionException {
        StringBuilder field = new StringBuilder();
        int at = start + 1;
        while (at < text.length()) {
            char c = text.charAt(at++);
            boolean quote = c == '"';
            if (quote && (at == text.length() || text.charAt(at) == ',')) {
                fields.add(field.toString());
                return at;
            }
            if (quote && text.charAt(at++) != '"') {
                break;
            }
            field.append(c);
        }
        throw new ExpansionException(
                "the flag --" + what + " has a quote that does not end its field: " + Excerpt.visible(text, 80));
    }
}
