package dev.jbuild.registry;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * Connections that are kept open between requests, and a bound on how many there are to one host.
 *
 * <p>Uploads have a bound of their own: an upload whose blob comes from the same host holds its connection while it
 * waits for another one to read from, and with one common bound eight such uploads would wait for each other for ever.
 */
final class ConnectionPool implements Closeable {
    /** Which of the two bounds a request counts against. */
    enum Direction {
        DOWN,
        UP
    }

    private record Idle(WireConnection connection, long since) {}

    /** A connection of the pool in use. */
    final class Lease {
        private final Lane lane;
        private final WireConnection connection;
        private final boolean reused;

        private Lease(Lane lane, WireConnection connection, boolean reused) {
            this.lane = lane;
            this.connection = connection;
            this.reused = reused;
        }

        /** Whether the connection served another request before. */
        boolean isReused() {
            return reused;
        }

        WireConnection connection() {
            return connection;
        }

        /** Gives the connection back for the next request. */
        void release() {
            if (leased.remove(connection)) {
                lane.put(connection);
            }
        }

        /** Breaks the connection off. */
        void discard() {
            if (leased.remove(connection)) {
                connection.close(CloseMode.IMMEDIATE);
                lane.permits.release();
            }
        }
    }

    /** The connections to one host in one direction. */
    private final class Lane {
        private final Semaphore permits = new Semaphore(limits.connections());
        private final Deque<Idle> idle = new ArrayDeque<>();

        synchronized void put(WireConnection connection) {
            if (closed) {
                connection.close(CloseMode.IMMEDIATE);
            } else {
                idle.push(new Idle(connection, timing.nanos()));
            }
            permits.release();
        }

        /** The most recently used connection, or null. */
        private synchronized @Nullable Idle take() {
            return idle.poll();
        }

        void closeIdle() {
            for (Idle last = take(); last != null; last = take()) {
                last.connection().close(CloseMode.GRACEFUL);
            }
        }
    }

    /** Servers close idle connections after a minute or so; asking a closed one costs a failed request. */
    private static final Duration KEPT = Duration.ofSeconds(30);

    private static final Duration SURELY_ALIVE = Duration.ofMillis(500);
    private static final Duration LONGEST_QUEUE = Duration.ofMinutes(15);

    private final Dialer dialer;
    private final HttpLimits limits;
    private final Timing timing;
    private final Map<Origin, Lane> down = new ConcurrentHashMap<>();
    private final Map<Origin, Lane> up = new ConcurrentHashMap<>();
    private final Set<WireConnection> leased = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    ConnectionPool(Dialer dialer, HttpLimits limits, Timing timing) {
        this.dialer = dialer;
        this.limits = limits;
        this.timing = timing;
    }

    Lease lease(Origin origin, Direction direction) throws IOException {
        Lane lane = lanes(direction).computeIfAbsent(origin, o -> new Lane());
        acquire(lane.permits, origin);
        try {
            return lease(origin, lane);
        } catch (IOException | RuntimeException e) {
            lane.permits.release();
            throw e;
        }
    }

    private Lease lease(Origin origin, Lane lane) throws IOException {
        if (closed) {
            throw new RegistryException(RegistryException.Kind.REFUSED, "the registry client is closed");
        }
        for (Idle idle = lane.take(); idle != null; idle = lane.take()) {
            if (isAlive(idle)) {
                return leased(lane, idle.connection(), true);
            }
            idle.connection().close(CloseMode.IMMEDIATE);
        }
        return leased(lane, dialer.dial(origin), false);
    }

    private Lease leased(Lane lane, WireConnection connection, boolean reused) {
        leased.add(connection);
        return new Lease(lane, connection, reused);
    }

    private boolean isAlive(Idle idle) {
        long age = timing.nanos() - idle.since();
        return age < SURELY_ALIVE.toNanos()
                || (age < KEPT.toNanos() && !idle.connection().isDead());
    }

    private void acquire(Semaphore permits, Origin origin) throws IOException {
        try {
            if (!permits.tryAcquire(LONGEST_QUEUE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("all " + limits.connections() + " connections to " + origin + " were busy for "
                        + LONGEST_QUEUE.toMinutes() + " minutes");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted =
                    new InterruptedIOException("interrupted while waiting for a connection");
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    private Map<Origin, Lane> lanes(Direction direction) {
        return direction == Direction.UP ? up : down;
    }

    @Override
    public void close() {
        closed = true;
        leased.forEach(connection -> connection.close(CloseMode.IMMEDIATE));
        down.values().forEach(Lane::closeIdle);
        up.values().forEach(Lane::closeIdle);
    }
}
