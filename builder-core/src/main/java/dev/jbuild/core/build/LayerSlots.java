package dev.jbuild.core.build;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;

/** How many layers a process fetches at a time, and how many it unpacks. */
public final class LayerSlots {
    /** As many as Docker fetches: registries count connections. */
    private static final int CONNECTIONS = 3;

    /** A layer that is unpacked may have a zstd window of 128 MiB, which lies outside of the heap. */
    private static final int MOST_WRITERS = 4;

    private final Semaphore connections = new Semaphore(CONNECTIONS, true);
    private final Semaphore writers;

    /** @param processors of which each can unpack a layer; two layers are unpacked at a time even by one */
    public LayerSlots(int processors) {
        this.writers = new Semaphore(Math.clamp(processors, 2, MOST_WRITERS), true);
    }

    /** What has a slot. */
    @FunctionalInterface
    interface Act<T> {
        T run() throws IOException;
    }

    <T> T fetching(Act<T> act) throws IOException {
        return with(connections, act);
    }

    <T> T writing(Act<T> act) throws IOException {
        return with(writers, act);
    }

    /** For who writes a layer and waits for others to be written: they have the slot meanwhile. */
    <T> T waiting(Act<T> act) throws IOException {
        writers.release();
        try {
            return act.run();
        } finally {
            writers.acquireUninterruptibly();
        }
    }

    private static <T> T with(Semaphore slots, Act<T> act) throws IOException {
        try {
            slots.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted =
                    new InterruptedIOException("interrupted while a layer waited for others");
            interrupted.initCause(e);
            throw interrupted;
        }
        try {
            return act.run();
        } finally {
            slots.release();
        }
    }
}
