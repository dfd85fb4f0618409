package dev.jbuild.registry;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Ends storms of logins: a registry that refuses fresh tokens again and again is not asked again and again. */
final class ReauthLimit {
    private static final int MOST = 3;
    private static final Duration SPAN = Duration.ofMinutes(1);

    private final String registry;
    private final Timing timing;
    private final Deque<Long> times = new ArrayDeque<>();

    ReauthLimit(String registry, Timing timing) {
        this.registry = registry;
        this.timing = timing;
    }

    /** Counts a token that the registry refused. */
    synchronized void count() throws RegistryException {
        long now = timing.nanos();
        while (!times.isEmpty() && now - times.peekFirst() > SPAN.toNanos()) {
            times.removeFirst();
        }
        if (times.size() >= MOST) {
            throw new RegistryException(
                    RegistryException.Kind.DENIED,
                    "the registry " + registry + " refused " + MOST + " fresh tokens within a minute");
        }
        times.addLast(now);
    }
}
