package dev.jbuild.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/** Sizes and ages in the words that Docker's tables use. */
final class Humanly {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    private static final MathContext THREE_DIGITS = new MathContext(3);

    private Humanly() {}

    /** Three digits and a decimal unit: {@code 1.23MB}. */
    static String size(long bytes) {
        BigDecimal value = BigDecimal.valueOf(bytes);
        int unit = 0;
        while (value.compareTo(BigDecimal.valueOf(1000)) >= 0 && unit < UNITS.length - 1) {
            value = value.movePointLeft(3);
            unit++;
        }
        return value.round(THREE_DIGITS).stripTrailingZeros().toPlainString() + UNITS[unit];
    }

    /** @param created RFC 3339; what is no such time is shown as it is */
    static String age(Optional<String> created, Instant now) {
        if (created.isEmpty()) {
            return "N/A";
        }
        try {
            Duration age = Duration.between(OffsetDateTime.parse(created.get()).toInstant(), now);
            return age(age) + " ago";
        } catch (DateTimeException e) {
            return Printable.line(created.get());
        }
    }

    private static String age(Duration age) {
        if (age.toSeconds() < 1) {
            return "Less than a second";
        } else if (age.toMinutes() < 1) {
            return count(age.toSeconds(), "second");
        } else if (age.toMinutes() == 1) {
            return "About a minute";
        } else if (age.toHours() < 1) {
            return count(age.toMinutes(), "minute");
        } else if (age.toHours() == 1) {
            return "About an hour";
        }
        return longAge(age.toHours());
    }

    private static String longAge(long hours) {
        long days = hours / 24;
        if (hours < 48) {
            return count(hours, "hour");
        } else if (days < 14) {
            return count(days, "day");
        } else if (days < 60) {
            return count(days / 7, "week");
        }
        return days < 730 ? count(days / 30, "month") : count(days / 365, "year");
    }

    private static String count(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s");
    }
}
