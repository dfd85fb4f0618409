package dev.jbuild.registry;

import java.net.SocketTimeoutException;
import java.time.Duration;

/** The slowest transfer that is put up with: so many bytes over each span of time that was spent waiting for the peer. */
final class Pace {
    private final Duration span;
    private final int slowestRate;
    private long waited;
    private long moved;

    /** @param slowestRate bytes a second */
    Pace(Duration span, int slowestRate) {
        this.span = span;
        this.slowestRate = slowestRate;
    }

    void restart() {
        waited = 0;
        moved = 0;
    }

    /**
     * Counts one read or write.
     *
     * @throws SocketTimeoutException when a whole span has passed and moved too little
     */
    void count(long nanos, int bytes) throws SocketTimeoutException {
        waited += nanos;
        moved += Math.max(bytes, 0);
        if (waited < span.toNanos()) {
            return;
        }
        if (moved < slowestRate * Math.max(span.toSeconds(), 1)) {
            throw new SocketTimeoutException("moved " + moved + " bytes in " + span.toSeconds()
                    + " s; the slowest permitted rate is " + slowestRate + " bytes a second");
        }
        restart();
    }
}
