package dev.jbuild.oci;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * A blob's bytes, checked while they are read: never more than the descriptor's size, and at the end exactly its size
 * and digest. Whoever reads to the end without an exception has read the blob.
 */
public final class VerifyingInputStream extends FilterInputStream {
    private final Descriptor blob;
    private final String origin;
    private final MessageDigest hash;
    private long read;
    private boolean finished;

    /** @param origin where the bytes come from, for messages */
    public VerifyingInputStream(InputStream in, Descriptor blob, String origin) {
        super(in);
        this.blob = blob;
        this.origin = origin;
        this.hash = blob.digest().newHash();
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
        int count = in.read(buffer, offset, length);
        if (count < 0) {
            finish();
            return -1;
        }
        read += count;
        if (read > blob.size()) {
            throw new CorruptBlobException("blob " + blob.digest() + " from " + origin + " is longer than the "
                    + blob.size() + " bytes of its descriptor");
        }
        hash.update(buffer, offset, count);
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        byte[] skipped = new byte[(int) Math.min(Math.max(count, 0), 65536)];
        return Math.max(0, read(skipped, 0, skipped.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    @Override
    public void mark(int limit) {
        // Without effect, as in every stream that does not support it.
    }

    /** Going back would hash bytes twice. */
    @Override
    public void reset() throws IOException {
        throw new IOException("mark/reset is not supported");
    }

    private void finish() throws IOException {
        if (finished) {
            return;
        }
        finished = true;
        if (read != blob.size()) {
            throw new CorruptBlobException("blob " + blob.digest() + " from " + origin + " ends after " + read
                    + " of its " + blob.size() + " bytes");
        }
        Digest actual = new Digest(blob.digest().algorithm(), HexFormat.of().formatHex(hash.digest()));
        if (!actual.equals(blob.digest())) {
            throw new CorruptBlobException(
                    "blob " + blob.digest() + " from " + origin + " is corrupt: its content hashes to " + actual);
        }
    }
}
