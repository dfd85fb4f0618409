package dev.jbuild.cli;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Points in time as Docker's filters take them. */
final class Moments {
    private static final int LONGEST = 64;
    private static final Pattern GO_DURATION = Pattern.compile("(?:[0-9]+(?:\\.[0-9]+)?(?:h|ms|m|s))+");
    private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(h|ms|m|s)");
    private static final Map<String, BigDecimal> MILLIS = Map.of(
            "h", BigDecimal.valueOf(3_600_000),
            "m", BigDecimal.valueOf(60_000),
            "s", BigDecimal.valueOf(1000),
            "ms", BigDecimal.ONE);

    private Moments() {}

    /**
     * The moment of {@code until=…}: a duration before now as Go writes it ({@code 1h30m}), RFC 3339, a date, or seconds since
     * 1970.
     */
    static Instant until(String filter, Instant now) throws UsageException {
        if (!filter.startsWith("until=")) {
            throw new UsageException("--filter knows until=TIME only, not \"" + filter + "\"");
        }
        String text = filter.substring("until=".length());
        try {
            return moment(text, now);
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw new UsageException(
                    "--filter: not a duration as 24h, nor a time as 2026-01-31T08:00:00Z: \"" + text + "\"", e);
        }
    }

    private static Instant moment(String text, Instant now) {
        if (text.length() <= LONGEST && GO_DURATION.matcher(text).matches()) {
            return now.minus(duration(text));
        }
        if (text.indexOf('T') > 0) {
            return OffsetDateTime.parse(text).toInstant();
        }
        return text.indexOf('-') > 0
                ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                : Instant.ofEpochSecond(Long.parseLong(text));
    }

    private static Duration duration(String text) {
        BigDecimal millis = BigDecimal.ZERO;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            millis = millis.add(new BigDecimal(part.group(1)).multiply(MILLIS.get(part.group(2))));
        }
        return Duration.ofMillis(millis.toBigInteger().longValueExact());
    }
}
