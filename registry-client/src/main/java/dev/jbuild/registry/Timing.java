package dev.jbuild.registry;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** The clock, the pauses and the dice of this room, so that tests need not wait. */
interface Timing {
    /** Nanoseconds since some moment. */
    long nanos();

    void pause(Duration time) throws InterruptedIOException;

    /** A number from 0 up to but not including 1. */
    double random();

    static Timing system() {
        return new Timing() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void pause(Duration time) throws InterruptedIOException {
                try {
                    Thread.sleep(time);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    InterruptedIOException interrupted =
                            new InterruptedIOException("interrupted while waiting to retry");
                    interrupted.initCause(e);
                    throw interrupted;
                }
            }

            @Override
            public double random() {
                return ThreadLocalRandom.current().nextDouble();
            }
        };
    }
}
