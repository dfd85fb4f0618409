package dev.jbuild.layer.tar;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Reads a stream on a thread of its own, some buffers ahead of its reader: inflating and hashing a layer go on while its
 * files are being written. What the stream throws is thrown to the reader in its turn.
 */
final class ReadAhead extends InputStream {
    private static final int BUFFER = 256 << 10;
    private static final int BUFFERS = 8;

    private final InputStream in;
    private final BlockingQueue<Piece> full = new ArrayBlockingQueue<>(BUFFERS + 1);
    private final BlockingQueue<byte[]> idle = new ArrayBlockingQueue<>(BUFFERS);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread reader;
    private Piece current = new Piece(new byte[0], 0);
    private int position;
    private boolean ended;

    /** The first {@code length} bytes of a buffer; none at the end. */
    private record Piece(byte[] buffer, int length) {}

    /** @param in read and closed by the other thread only, from now on */
    ReadAhead(InputStream in) {
        this.in = in;
        for (int i = 0; i < BUFFERS; i++) {
            idle.add(new byte[BUFFER]);
        }
        // A platform thread: it computes without blocking, and must not wait for a carrier that the reader occupies.
        this.reader = Thread.ofPlatform().daemon().name("read-ahead").start(this::readAll);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position == current.length && !next()) {
            return -1;
        }
        int count = Math.min(length, current.length - position);
        System.arraycopy(current.buffer, position, into, offset, count);
        position += count;
        return count;
    }

    /** Ends the other thread, wherever it is. */
    @Override
    public void close() throws IOException {
        ended = true;
        reader.interrupt();
        try {
            reader.join();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private boolean next() throws IOException {
        if (ended) {
            return false;
        }
        try {
            if (current.length > 0) {
                idle.put(current.buffer);
            }
            current = full.take();
            position = 0;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        ended = current.length == 0;
        if (ended) {
            rethrowFailure();
        }
        return !ended;
    }

    private void rethrowFailure() throws IOException {
        switch (failure.get()) {
            case null -> {
                // The stream ended as it should.
            }
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException("a checked exception that no stream throws", e);
        }
    }

    private void readAll() {
        try (in) {
            for (byte[] buffer = idle.take(); ; buffer = idle.take()) {
                int length = in.readNBytes(buffer, 0, buffer.length);
                if (length == 0) {
                    break;
                }
                full.put(new Piece(buffer, length));
            }
        } catch (InterruptedException e) {
            // close() asks to end; nobody reads any more.
            return;
        } catch (Throwable e) {
            failure.set(e);
        }
        full.add(new Piece(new byte[0], 0));
    }

    private static InterruptedIOException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        InterruptedIOException interrupted = new InterruptedIOException("interrupted while reading a layer");
        interrupted.initCause(cause);
        return interrupted;
    }
}
