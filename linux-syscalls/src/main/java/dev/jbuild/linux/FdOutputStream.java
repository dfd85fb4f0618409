package dev.jbuild.linux;

import java.io.IOException;
import java.io.OutputStream;

/** Writes to an open file; closing the stream closes the file, which whoever writes in that moment still reaches. */
public final class FdOutputStream extends OutputStream {
    private final Linux linux;
    private final Fd file;
    private boolean closed;

    public FdOutputStream(Linux linux, Fd file) {
        this.linux = linux;
        this.file = file;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] from, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException(file + " is closed");
        }
        linux.write(file, from, offset, length);
    }

    @Override
    public synchronized void close() {
        closed = true;
        file.close();
    }
}
