package dev.jbuild.linux;

import java.io.IOException;
import java.io.InputStream;

/** The content of an open file; closing the stream closes the file. */
public final class FdInputStream extends InputStream {
    private final Linux linux;
    private final Fd file;

    public FdInputStream(Linux linux, Fd file) {
        this.linux = linux;
        this.file = file;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return linux.read(file, into, offset, length);
    }

    @Override
    public void close() {
        file.close();
    }
}
