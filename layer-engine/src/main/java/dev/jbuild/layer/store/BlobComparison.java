package dev.jbuild.layer.store;

import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Bytes held against a blob of the store as they come; nothing is written, and nothing hashed. */
public final class BlobComparison extends OutputStream {
    private final Linux linux;
    private final Fd blob;
    private byte[] there = new byte[1];

    BlobComparison(Linux linux, Fd blob) {
        this.linux = linux;
        this.blob = blob;
    }

    /** Ends the comparison: what would come after need not be made. */
    public static final class DifferentException extends IOException {
        private static final long serialVersionUID = 1;

        DifferentException(Fd blob) {
            super(blob.path() + " has other bytes");
        }
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    /** @throws DifferentException when the blob does not go on with these bytes */
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while comparing with " + blob.path());
        }
        if (there.length < length) {
            there = new byte[length];
        }
        if (read(length) < length || !Arrays.equals(bytes, offset, offset + length, there, 0, length)) {
            throw new DifferentException(blob);
        }
    }

    /** Whether the blob ends where the bytes do. */
    public boolean isWhole() throws IOException {
        return read(1) == 0;
    }

    @Override
    public void close() {
        blob.close();
    }

    private int read(int wanted) throws IOException {
        int done = 0;
        for (int count = 0; done < wanted && count >= 0; done += Math.max(count, 0)) {
            count = linux.read(blob, there, done, wanted - done);
        }
        return done;
    }
}
