package dev.jbuild.registry;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body that gives its connection back when it was read to the end, and breaks it off when it was not. */
final class AnswerBody extends FilterInputStream {
    private static final int WORTH_READING_ON = 16 * 1024;

    private final ConnectionPool.Lease lease;
    private final boolean reusable;
    private boolean atEnd;
    private boolean broken;

    AnswerBody(InputStream in, ConnectionPool.Lease lease, boolean reusable) {
        super(in);
        this.lease = lease;
        this.reusable = reusable;
    }

    /** No body follows, so the connection is free at once. */
    static AnswerBody none(ConnectionPool.Lease lease, boolean reusable) {
        AnswerBody body = new AnswerBody(InputStream.nullInputStream(), lease, reusable);
        body.end();
        return body;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (atEnd) {
            return -1;
        }
        int count;
        try {
            count = in.read(buffer, offset, length);
        } catch (IOException e) {
            broken = true;
            lease.discard();
            throw e;
        }
        if (count < 0) {
            end();
        }
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        byte[] skipped = new byte[(int) Math.min(Math.max(count, 0), HttpLimits.BUFFER)];
        return Math.max(0, read(skipped, 0, skipped.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** Reads a short rest, because a connection costs more; a long one is broken off. */
    @Override
    public void close() {
        if (!atEnd && !broken && reusable) {
            readShortRest();
        }
        if (!atEnd) {
            lease.discard();
        }
        atEnd = true;
    }

    private void readShortRest() {
        try {
            readNBytes(WORTH_READING_ON);
        } catch (IOException e) {
            // Nobody wants these bytes any more, and the connection was broken off where they failed.
            broken = true;
        }
    }

    private void end() {
        atEnd = true;
        if (reusable) {
            lease.release();
        } else {
            lease.discard();
        }
    }
}
