package dev.jbuild.dockerfile;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.OptionalLong;

/** Sizes of memory as Docker writes them: {@code 64m}, {@code 1.5GiB}, {@code 512}; the units are powers of 1024. */
final class ByteSize {
    private static final String UNITS = "kmgtp";
    private static final int MOST_DIGITS = 32;

    private ByteSize() {}

    /** The size in bytes; empty where the text is none or is beyond 63 bits. */
    static OptionalLong parse(String text) {
        int end = 0;
        while (end < text.length() && (text.charAt(end) == '.' || isDigit(text.charAt(end)))) {
            end++;
        }
        int shift = shift(text.substring(end).strip().toLowerCase(Locale.ROOT));
        String number = text.substring(0, end);
        boolean onePoint = number.indexOf('.') == number.lastIndexOf('.');
        if (shift < 0 || !onePoint || end == 0 || end > MOST_DIGITS || !isDigit(number.charAt(end - 1))) {
            return OptionalLong.empty();
        }
        BigDecimal size = new BigDecimal(number).multiply(BigDecimal.valueOf(1L << shift));
        boolean fits = size.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0;
        return fits ? OptionalLong.of(size.longValue()) : OptionalLong.empty();
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** The power of two of a unit, or -1. */
    private static int shift(String unit) {
        String prefix = unit.endsWith("ib")
                ? unit.substring(0, unit.length() - 2)
                : unit.endsWith("b") ? unit.substring(0, unit.length() - 1) : unit;
        if (prefix.isEmpty()) {
            return unit.equals("ib") ? -1 : 0;
        }
        int power = prefix.length() == 1 ? UNITS.indexOf(prefix) : -1;
        return power < 0 ? -1 : 10 * (power + 1);
    }
}
