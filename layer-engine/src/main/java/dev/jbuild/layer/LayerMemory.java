package dev.jbuild.layer;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The memory for what must be remembered of the layers that one process unpacks at the same time. Each may have as much as its
 * limits say, most need little, and no process has enough for many that need much. So they share a pool. A layer that finds no room
 * waits for some, or until it is the one that may go past the pool: there is one such layer at a time, it waits for no other, and so
 * all come to their end. What lies outside of the heap, as a large window of its compressed stream, only that one may have.
 */
public final class LayerMemory {
    private final long size;
    private long taken;
    private Optional<Share> first = Optional.empty();

    /** Waits until the layers below a layer are made. */
    @FunctionalInterface
    public interface Below {
        void await() throws IOException;
    }

    /** @param size in bytes, before all layers but one wait */
    public LayerMemory(long size) {
        this.size = size;
    }

    /** The share of a layer that is unpacked while no other is. */
    public static Share ofOneLayer() {
        return new LayerMemory(0).begin(() -> {});
    }

    /**
     * For one layer more.
     *
     * @param below what that layer may have to wait for; it does so before it goes past the pool, on the thread that holds
     */
    public Share begin(Below below) {
        return new Share(below);
    }

    /** What one layer has of the memory. Used by one thread. */
    public final class Share implements AutoCloseable {
        private final Below below;
        private long held;

        private Share(Below below) {
            this.below = below;
        }

        /**
         * Before so much more is remembered.
         *
         * @throws InterruptedIOException when the thread is interrupted while it waits
         * @throws IOException when the layers below cannot be made
         */
        public void hold(long bytes) throws IOException {
            if (!isHeld(bytes)) {
                // Those below may need to go past the pool themselves, which they could not while this one does.
                below.await();
                await(() -> isHeld(bytes));
            }
        }

        /**
         * Waits to be the one layer that may go past the pool.
         *
         * @throws InterruptedIOException when the thread is interrupted while it waits
         * @throws IOException when the layers below cannot be made
         */
        public void holdAlone() throws IOException {
            below.await();
            await(this::isFirst);
        }

        /** When so much is remembered no longer. */
        public void release(long bytes) {
            synchronized (LayerMemory.this) {
                taken -= bytes;
                held -= bytes;
                LayerMemory.this.notifyAll();
            }
        }

        /** When the layer is written, or refused. */
        @Override
        public void close() {
            synchronized (LayerMemory.this) {
                if (isFirst()) {
                    first = Optional.empty();
                }
                release(held);
            }
        }

        private boolean isHeld(long bytes) {
            synchronized (LayerMemory.this) {
                boolean fits = bytes <= size - taken || isFirst();
                if (fits) {
                    taken += bytes;
                    held += bytes;
                }
                return fits;
            }
        }

        private void await(BooleanSupplier met) throws InterruptedIOException {
            synchronized (LayerMemory.this) {
                try {
                    while (!met.getAsBoolean()) {
                        if (first.isEmpty()) {
                            first = Optional.of(this);
                        } else {
                            LayerMemory.this.wait();
                        }
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    InterruptedIOException interrupted =
                            new InterruptedIOException("interrupted while a layer waited for memory");
                    interrupted.initCause(e);
                    throw interrupted;
                }
            }
        }

        private boolean isFirst() {
            return first.filter(share -> share == this).isPresent();
        }
    }
}
