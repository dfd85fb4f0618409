package dev.jbuild.layer.tar;

import java.io.IOException;
import java.io.InputStream;

/** The blocks of a tar stream. An end in the middle of anything is an error, never a short answer. */
final class TarInput {
    static final int BLOCK = 512;

    private final InputStream in;
    private final byte[] waste = new byte[8192];

    TarInput(InputStream in) {
        this.in = in;
    }

    /** Fills the block; false when the stream ends before its first byte. */
    boolean readBlock(byte[] block) throws IOException {
        int count = in.readNBytes(block, 0, BLOCK);
        if (count != 0 && count != BLOCK) {
            throw new TarSyntaxException("the archive ends in the middle of a block");
        }
        return count == BLOCK;
    }

    /** A block that must be there. */
    void requireBlock(byte[] block) throws IOException {
        if (!readBlock(block)) {
            throw truncated();
        }
    }

    /** An extended header's body with its padding, whose size the caller has checked. */
    byte[] readBody(int size) throws IOException {
        byte[] body = in.readNBytes(size);
        if (body.length != size) {
            throw truncated();
        }
        skip(padding(size));
        return body;
    }

    int read(byte[] buffer, int offset, int length) throws IOException {
        int count = in.read(buffer, offset, length);
        if (count < 0) {
            throw truncated();
        }
        return count;
    }

    void skip(long bytes) throws IOException {
        for (long left = bytes; left > 0; ) {
            left -= read(waste, 0, (int) Math.min(left, waste.length));
        }
    }

    /** After the end mark nothing but zeros may follow: another reader might go on and see more files. */
    void requireOnlyZeros() throws IOException {
        for (int count = in.read(waste); count >= 0; count = in.read(waste)) {
            for (int i = 0; i < count; i++) {
                if (waste[i] != 0) {
                    throw new TarSyntaxException("the archive goes on after its end mark");
                }
            }
        }
    }

    static long padding(long size) {
        return -size & (BLOCK - 1);
    }

    private static TarSyntaxException truncated() {
        return new TarSyntaxException("the archive ends in the middle of an entry");
    }
}
