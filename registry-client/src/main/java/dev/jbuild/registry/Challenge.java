package dev.jbuild.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a server wants to see in {@code Authorization} (RFC 9110 section 11.6.1).
 *
 * @param scheme lower case: {@code basic}, {@code bearer}
 * @param parameters by lower-case name
 */
record Challenge(String scheme, Map<String, String> parameters) {
    Challenge {
        parameters = Map.copyOf(parameters);
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /** The challenges of all {@code WWW-Authenticate} fields; what cannot be read is left out. */
    static List<Challenge> parse(List<String> fields) {
        List<Challenge> challenges = new ArrayList<>();
        fields.forEach(field -> new Reader(field).readAll(challenges));
        return challenges;
    }

    /** A single pass over one field: {@code scheme name=value, name="quoted \" value", scheme …}. */
    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        void readAll(List<Challenge> into) {
            skipSeparators();
            while (at < text.length()) {
                String scheme = token();
                if (scheme.isEmpty()) {
                    return;
                }
                into.add(new Challenge(scheme.toLowerCase(Locale.ROOT), parameters()));
                skipSeparators();
            }
        }

        /** Reads pairs up to the next word that no {@code =} follows, which is the next scheme. */
        private Map<String, String> parameters() {
            Map<String, String> parameters = new LinkedHashMap<>();
            while (at < text.length()) {
                skipSeparators();
                int start = at;
                String name = token();
                skipSpaces();
                if (name.isEmpty() || at >= text.length() || text.charAt(at) != '=') {
                    at = start;
                    return parameters;
                }
                at++;
                skipSpaces();
                parameters.putIfAbsent(name.toLowerCase(Locale.ROOT), value());
            }
            return parameters;
        }

        private String value() {
            return at < text.length() && text.charAt(at) == '"' ? quoted() : token();
        }

        private String quoted() {
            StringBuilder value = new StringBuilder();
            for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    at++;
                }
                value.append(text.charAt(at));
            }
            at++;
            return value.toString();
        }

        private String token() {
            int start = at;
            while (at < text.length() && " \t,=\"".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(start, at);
        }

        private void skipSeparators() {
            while (at < text.length() && " \t,".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private void skipSpaces() {
            while (at < text.length() && " \t".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }
    }
}
