package dev.jbuild.core.plan;

import dev.jbuild.oci.Healthcheck;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Values as Go's fmt prints them: BuildKit's history lines hold them, and other tools compare those. */
final class GoText {
    private GoText() {}

    /** {@code %q} of a slice: {@code ["a" "b"]}. */
    static String quoted(List<String> values) {
        return values.stream().map(GoText::quoted).collect(Collectors.joining(" ", "[", "]"));
    }

    /** {@code %v} of a slice: {@code [a b]}. */
    static String plain(List<String> values) {
        return "[" + String.join(" ", values) + "]";
    }

    /** {@code %q}, strconv.Quote. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> quoted.append(escaped(c)));
        return quoted.append('"').toString();
    }

    /** {@code %q} of a pointer to Docker's HealthcheckConfig, as Docker's BuildKit writes it. */
    static String healthcheck(Healthcheck check) {
        String durations = Stream.of(check.interval(), check.timeout(), check.startPeriod(), check.startInterval())
                .map(nanos -> "\"" + duration(nanos) + "\"")
                .collect(Collectors.joining(" "));
        return "&{" + quoted(check.test()) + " " + durations + " " + quotedRune(check.retries()) + "}";
    }

    /** {@code %q} of a number: the character of that code. */
    private static String quotedRune(int code) {
        return "'" + (code == '\'' ? "\\'" : code == '"' ? "\"" : escaped(code)) + "'";
    }

    /** time.Duration.String: {@code 1m30s}, {@code 1.5s}, {@code 100ms}. */
    static String duration(long nanos) {
        if (nanos == 0) {
            return "0s";
        }
        if (nanos < 1_000) {
            return nanos + "ns";
        }
        if (nanos < 1_000_000) {
            return decimal(nanos, 1_000) + "µs";
        }
        if (nanos < 1_000_000_000) {
            return decimal(nanos, 1_000_000) + "ms";
        }
        long minutes = nanos / 60_000_000_000L;
        String seconds = decimal(nanos % 60_000_000_000L, 1_000_000_000) + "s";
        if (minutes == 0) {
            return seconds;
        }
        return minutes < 60 ? minutes + "m" + seconds : minutes / 60 + "h" + minutes % 60 + "m" + seconds;
    }

    private static String decimal(long value, long unit) {
        String fraction = Long.toString(unit + value % unit).substring(1).replaceAll("0+$", "");
        return value / unit + (fraction.isEmpty() ? "" : "." + fraction);
    }

    private static String escaped(int c) {
        return switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case 7 -> "\\a";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case 11 -> "\\v";
            default -> isPrintable(c) ? Character.toString(c) : escape(c);
        };
    }

    private static String escape(int c) {
        if (c < 0x80) {
            return String.format("\\x%02x", c);
        }
        return c < 0x10000 ? String.format("\\u%04x", c) : String.format("\\U%08x", c);
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }
}
