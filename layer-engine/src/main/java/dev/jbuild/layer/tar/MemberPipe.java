package dev.jbuild.layer.tar;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * The middle of the one pass: bytes of a tar in, hashed; cut into chunks that are compressed beside each other; members
 * out in order. Holds a bounded number of chunks, whatever the layer's size.
 */
final class MemberPipe extends OutputStream {
    private final MessageDigest hash;
    private final Compression compression;
    private final ExecutorService workers;
    private final OutputStream out;
    private final int window;
    private final Queue<Work> running = new ArrayDeque<>();
    private final Queue<Slot> idle = new ArrayDeque<>();
    private Slot filling;
    private int filled;

    /** A chunk and the codec that works on it; used again for a later chunk. */
    private record Slot(byte[] chunk, MemberCodec codec) {}

    private record Work(Slot slot, Future<MemberCodec.Member> member) {}

    /**
     * @param window how many chunks may be underway
     * @param out takes the members in order; not closed
     */
    MemberPipe(
            MessageDigest hash,
            Compression compression,
            int chunkBytes,
            int window,
            ExecutorService workers,
            OutputStream out) {
        this.hash = hash;
        this.compression = compression;
        this.workers = workers;
        this.out = out;
        this.window = window;
        this.filling = new Slot(new byte[chunkBytes], MemberCodec.of(compression));
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int left = length;
        while (left > 0) {
            int count = Math.min(left, filling.chunk.length - filled);
            System.arraycopy(bytes, at, filling.chunk, filled, count);
            filled += count;
            at += count;
            left -= count;
            if (filled == filling.chunk.length) {
                startChunk();
                filling = nextSlot();
            }
        }
    }

    /** Compresses what is left and waits for all of it. */
    void finish() throws IOException {
        if (filled > 0) {
            startChunk();
        }
        while (!running.isEmpty()) {
            takeOldest();
        }
    }

    /** Gives up the chunks underway, after a failure. */
    void cancel() {
        running.forEach(work -> work.member.cancel(false));
    }

    private void startChunk() {
        Slot slot = filling;
        int length = filled;
        running.add(new Work(slot, workers.submit(() -> slot.codec.encode(slot.chunk, length))));
        hash.update(slot.chunk, 0, length);
        filled = 0;
    }

    private Slot nextSlot() throws IOException {
        while (running.size() >= window) {
            takeOldest();
        }
        Slot slot = idle.poll();
        return slot != null ? slot : new Slot(new byte[filling.chunk.length], MemberCodec.of(compression));
    }

    private void takeOldest() throws IOException {
        Work oldest = running.remove();
        MemberCodec.Member member = await(oldest.member);
        out.write(member.bytes(), 0, member.length());
        idle.add(oldest.slot);
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
