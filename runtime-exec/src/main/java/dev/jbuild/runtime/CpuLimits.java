package dev.jbuild.runtime;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How much of the processors a step gets.
 *
 * @param quotaMicros CPU time that it may use in each period; empty for all there is
 * @param periodMicros the period's length, 1 ms to 1 s
 * @param shares its weight among the busy, 2 to 262144, where 1024 is the usual one
 * @param processors the only ones it may run on, as in {@code 0-2,4}
 */
public record CpuLimits(OptionalLong quotaMicros, long periodMicros, OptionalInt shares, Optional<String> processors) {
    /** The period that the kernel and Docker use. */
    public static final long STANDARD_PERIOD = 100_000;

    /** Whatever the machine has. */
    public static final CpuLimits NONE =
            new CpuLimits(OptionalLong.empty(), STANDARD_PERIOD, OptionalInt.empty(), Optional.empty());

    private static final int LEAST_SHARES = 2;
    private static final int MOST_SHARES = 262_144;
    private static final long SHORTEST_MICROS = 1000;
    private static final long LONGEST_MICROS = 1_000_000;
    private static final int MOST_WEIGHT = 10_000;

    public CpuLimits {
        if (periodMicros < SHORTEST_MICROS || periodMicros > LONGEST_MICROS) {
            throw new IllegalArgumentException("a CPU period is 1000 to 1000000 microseconds, not " + periodMicros);
        }
        if (quotaMicros.isPresent() && quotaMicros.getAsLong() < SHORTEST_MICROS) {
            throw new IllegalArgumentException(
                    "a CPU quota is at least 1000 microseconds, not " + quotaMicros.getAsLong());
        }
        if (shares.isPresent() && (shares.getAsInt() < LEAST_SHARES || shares.getAsInt() > MOST_SHARES)) {
            throw new IllegalArgumentException("CPU shares are 2 to 262144, not " + shares.getAsInt());
        }
        if (processors.isPresent() && !processors.get().matches("[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*")) {
            throw new IllegalArgumentException("not a list of processors such as 0-2,4: " + processors.get());
        }
    }

    /** The shares as version 2 counts them, 1 to 10000, by the formula of the OCI runtimes (runc, crun). */
    static int weight(int shares) {
        return 1 + (int) ((long) (shares - LEAST_SHARES) * (MOST_WEIGHT - 1) / (MOST_SHARES - LEAST_SHARES));
    }
}
