package dev.jbuild.dockerfile;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Durations as HEALTHCHECK's flags have them, in Go's notation: {@code 1m30s}, {@code 1.5h}, {@code 100ms}. */
final class GoDuration {
    private static final Map<String, Long> NANOSECONDS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "\u00B5s", 1_000L,
            "\u03BCs", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);
    private static final int MOST_DIGITS = 32;

    private GoDuration() {}

    /** A duration of up to 292 years; empty where the text is none. */
    static Optional<Duration> parse(String text) {
        boolean negative = text.startsWith("-");
        String rest = negative || text.startsWith("+") ? text.substring(1) : text;
        if (rest.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        Optional<BigDecimal> sum = sum(rest);
        return sum.filter(n -> n.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0)
                .map(n -> Duration.ofNanos(negative ? -n.longValue() : n.longValue()));
    }

    private static Optional<BigDecimal> sum(String text) {
        BigDecimal sum = BigDecimal.ZERO;
        int at = 0;
        if (text.isEmpty()) {
            return Optional.empty();
        }
        while (at < text.length()) {
            int number = at;
            while (at < text.length() && isNumeric(text.charAt(at))) {
                at++;
            }
            int unit = at;
            while (at < text.length() && !isNumeric(text.charAt(at))) {
                at++;
            }
            Optional<BigDecimal> part = part(text.substring(number, unit), text.substring(unit, at));
            if (part.isEmpty()) {
                return Optional.empty();
            }
            sum = sum.add(part.get());
        }
        return Optional.of(sum);
    }

    private static boolean isNumeric(char c) {
        return c == '.' || (c >= '0' && c <= '9');
    }

    private static Optional<BigDecimal> part(String number, String unit) {
        Long nanoseconds = NANOSECONDS.get(unit);
        boolean onePoint = number.indexOf('.') == number.lastIndexOf('.');
        boolean hasDigit = number.chars().anyMatch(c -> c != '.');
        if (nanoseconds == null || !onePoint || !hasDigit || number.length() > MOST_DIGITS) {
            return Optional.empty();
        }
        return Optional.of(new BigDecimal(number).multiply(BigDecimal.valueOf(nanoseconds)));
    }
}
