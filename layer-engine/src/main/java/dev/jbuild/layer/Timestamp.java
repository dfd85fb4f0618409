package dev.jbuild.layer;

/** A point in time as file systems keep it: seconds since 1970 (negative before) and the nanoseconds after them. */
public record Timestamp(long seconds, int nanos) implements Comparable<Timestamp> {
    public static final Timestamp EPOCH = new Timestamp(0, 0);

    public Timestamp {
        if (nanos < 0 || nanos > 999_999_999) {
            throw new IllegalArgumentException("not a fraction of a second: " + nanos + " ns");
        }
    }

    @Override
    public int compareTo(Timestamp other) {
        int bySeconds = Long.compare(seconds, other.seconds);
        return bySeconds != 0 ? bySeconds : Integer.compare(nanos, other.nanos);
    }
}
