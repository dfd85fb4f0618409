package dev.jbuild.layer.tar;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream whose owner closes it himself. */
final class Unclosed extends FilterInputStream {
    Unclosed(InputStream in) {
        super(in);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        return in.read(buffer, offset, length);
    }

    @Override
    public void close() {}
}
