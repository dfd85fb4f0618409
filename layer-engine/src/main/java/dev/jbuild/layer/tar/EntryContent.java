package dev.jbuild.layer.tar;

import java.io.IOException;
import java.io.InputStream;

/** Exactly the stored bytes of one entry. */
final class EntryContent extends InputStream {
    private final TarInput in;
    private long left;

    EntryContent(TarInput in, long size) {
        this.in = in;
        this.left = size;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left == 0) {
            return -1;
        }
        int count = in.read(buffer, offset, (int) Math.min(left, length));
        left -= count;
        return count;
    }

    /** Passes over what was not read. Whoever kept the stream then finds it at its end. */
    void drain() throws IOException {
        long rest = left;
        left = 0;
        in.skip(rest);
    }
}
