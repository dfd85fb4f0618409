package dev.jbuild.cli;

/** Durations as people read them. {@code String.format} would cost 15 ms of each start. */
final class Seconds {
    private static final long NANOS_PER_THOUSANDTH = 1_000_000;
    private static final long NANOS_PER_TENTH = 100_000_000;

    private Seconds() {}

    static String tenths(long nanos) {
        long tenths = (nanos + NANOS_PER_TENTH / 2) / NANOS_PER_TENTH;
        return tenths / 10 + "." + tenths % 10;
    }

    static String thousandths(long nanos) {
        long thousandths = nanos / NANOS_PER_THOUSANDTH;
        String fraction = Long.toString(thousandths % 1000);
        return thousandths / 1000 + "." + "0".repeat(3 - fraction.length()) + fraction;
    }
}
