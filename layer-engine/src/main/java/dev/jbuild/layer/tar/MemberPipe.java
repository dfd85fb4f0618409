package dev.jbuild.layer.tar;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * The middle of the one pass: bytes of a tar in, and told; cut into chunks that are compressed beside each other; members
 * out in order. Holds a bounded number of chunks, whatever the layer's size.
 */
final class MemberPipe extends OutputStream {
    /** What is compressed sooner than another thread is woken for it. */
    private static final int SMALL = 64 << 10;

    private final Listener listener;
    private final ChunkSlots slots;
    private final ExecutorService workers;
    private final OutputStream out;
    private final int window;
    private final Queue<Work> running = new ArrayDeque<>();
    private ChunkSlots.Slot filling;

    /** Hears all bytes of the tar, in order. */
    @FunctionalInterface
    interface Listener {
        void hear(byte[] bytes, int offset, int length);
    }

    private record Work(ChunkSlots.Slot slot, Future<MemberCodec.Member> member) {}

    /**
     * @param window how many chunks may be underway
     * @param out takes the members in order; not closed
     */
    MemberPipe(Listener listener, ChunkSlots slots, int window, ExecutorService workers, OutputStream out) {
        this.listener = listener;
        this.slots = slots;
        this.workers = workers;
        this.out = out;
        this.window = window;
        this.filling = slots.take();
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; ) {
            done += filling.fill(bytes, offset + done, length - done);
            if (filling.isFull()) {
                startChunk();
                makeRoom();
                filling = slots.take();
            }
        }
    }

    /** Compresses what is left and waits for all of it. */
    void finish() throws IOException {
        if (running.isEmpty() && filling.length() <= SMALL) {
            finishHere();
            return;
        }
        if (filling.length() > 0) {
            startChunk();
        } else {
            slots.give(filling);
        }
        while (!running.isEmpty()) {
            takeOldest();
        }
    }

    private void finishHere() throws IOException {
        if (filling.length() == 0) {
            slots.give(filling);
            return;
        }
        listener.hear(filling.chunk(), 0, filling.length());
        put(filling, filling.encode());
    }

    /** Gives up the chunks underway, after a failure. */
    void cancel() {
        running.forEach(work -> work.member.cancel(false));
    }

    private void startChunk() {
        ChunkSlots.Slot slot = filling;
        running.add(new Work(slot, workers.submit(slot::encode)));
        listener.hear(slot.chunk(), 0, slot.length());
    }

    private void makeRoom() throws IOException {
        while (running.size() >= window) {
            takeOldest();
        }
    }

    private void takeOldest() throws IOException {
        Work oldest = running.remove();
        put(oldest.slot, await(oldest.member));
    }

    private void put(ChunkSlots.Slot slot, MemberCodec.Member member) throws IOException {
        out.write(member.bytes(), 0, member.length());
        slots.give(slot);
    }

    private static MemberCodec.Member await(Future<MemberCodec.Member> member) throws IOException {
        try {
            return member.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while compressing a layer");
            interrupted.initCause(e);
            throw interrupted;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a codec failed", e.getCause());
        }
    }
}
