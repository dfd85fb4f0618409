package dev.jbuild.layer.tar;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.Timestamp;

/** The ways in which tar writes numbers: octal text, GNU's base 256, and PAX's decimals. No overflow passes. */
final class TarNumbers {
    private TarNumbers() {}

    /** A header field: octal digits between spaces and NULs, or base 256 when its first bit is set; empty is 0. */
    static long parse(byte[] block, int offset, int length, String field) throws TarSyntaxException {
        if ((block[offset] & 0x80) != 0) {
            return base256(block, offset, length, field);
        }
        int from = offset;
        int to = offset + length;
        while (from < to && isPadding(block[from])) {
            from++;
        }
        while (to > from && isPadding(block[to - 1])) {
            to--;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            if (block[i] < '0' || block[i] > '7') {
                throw new TarSyntaxException("the field " + field + " is not an octal number");
            }
            // Twelve octal digits are 36 bits: no overflow.
            value = value << 3 | (block[i] - '0');
        }
        return value;
    }

    /** Big-endian two's complement; the first bit only marks the encoding, the second is the sign. */
    private static long base256(byte[] block, int offset, int length, String field) throws TarSyntaxException {
        boolean negative = (block[offset] & 0x40) != 0;
        long value = negative ? -1 : 0;
        for (int i = 0; i < length; i++) {
            int b = i == 0 ? negative ? block[offset] & 0xff : block[offset] & 0x7f : block[offset + i] & 0xff;
            if (value != value << 8 >> 8) {
                throw new TarSyntaxException("the field " + field + " overflows 64 bits");
            }
            value = value << 8 | b;
        }
        return value;
    }

    /** A PAX number: decimal digits only. */
    static long decimal(String text, String key) throws TarSyntaxException {
        if (text.isEmpty() || text.length() > 18 || !isDigits(text)) {
            throw new TarSyntaxException(
                    "the PAX value of " + key + " is not a number in range: \"" + Bytes.of(text) + "\"");
        }
        return Long.parseLong(text);
    }

    /** A PAX time: seconds with an optional fraction, never an exponent. Digits past nanoseconds are dropped. */
    static Timestamp time(String text, String key) throws TarSyntaxException {
        boolean negative = text.startsWith("-");
        String unsigned = negative ? text.substring(1) : text;
        int dot = unsigned.indexOf('.');
        String whole = dot < 0 ? unsigned : unsigned.substring(0, dot);
        String fraction = dot < 0 ? "" : unsigned.substring(dot + 1);
        if (!isDigits(fraction)) {
            throw new TarSyntaxException("the PAX value of " + key + " is not a time: \"" + Bytes.of(text) + "\"");
        }
        long seconds = decimal(whole, key);
        int nanos = Integer.parseInt((fraction + "000000000").substring(0, 9));
        if (!negative) {
            return new Timestamp(seconds, nanos);
        }
        return nanos == 0 ? new Timestamp(-seconds, 0) : new Timestamp(-seconds - 1, 1_000_000_000 - nanos);
    }

    private static boolean isPadding(byte b) {
        return b == ' ' || b == 0;
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
