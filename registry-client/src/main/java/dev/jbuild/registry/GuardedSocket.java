package dev.jbuild.registry;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.impl.io.SocketHolder;

/** A socket whose streams keep the limits: time to the first byte, the slowest rate, the size of the head. */
final class GuardedSocket extends SocketHolder {
    private final HttpLimits limits;
    private final Timing timing;
    private final Pace reading;
    private final Pace writing;
    private boolean waitingForFirstByte;
    private boolean inHead;
    private int headBytes;

    GuardedSocket(Socket plain, HttpLimits limits, Timing timing) {
        super(plain);
        this.limits = limits;
        this.timing = timing;
        this.reading = limits.pace();
        this.writing = limits.pace();
    }

    GuardedSocket(SSLSocket tls, Socket plain, HttpLimits limits, Timing timing) {
        super(tls, plain);
        this.limits = limits;
        this.timing = timing;
        this.reading = limits.pace();
        this.writing = limits.pace();
    }

    /** An answer's head is read next. */
    void expectHead() throws IOException {
        waitingForFirstByte = true;
        inHead = true;
        headBytes = 0;
        reading.restart();
        getSocket().setSoTimeout((int) limits.firstByte().toMillis());
    }

    /** The head was read; a body may follow. */
    void expectBody() {
        inHead = false;
    }

    @Override
    protected InputStream getInputStream(Socket socket) throws IOException {
        return new FilterInputStream(socket.getInputStream()) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                long start = timing.nanos();
                int count = in.read(buffer, offset, length);
                received(timing.nanos() - start, count);
                return count;
            }
        };
    }

    private void received(long nanos, int count) throws IOException {
        if (waitingForFirstByte && count > 0) {
            waitingForFirstByte = false;
            getSocket().setSoTimeout((int) limits.slowWindow().toMillis());
        }
        if (inHead && count > 0) {
            headBytes += count;
            // What is read ahead into the buffer may belong to the body.
            if (headBytes - HttpLimits.BUFFER > limits.headBytes()) {
                throw new RegistryException(
                        RegistryException.Kind.REFUSED,
                        "the head of the answer is longer than the limit of " + limits.headBytes() + " bytes");
            }
        }
        reading.count(nanos, count);
    }

    @Override
    protected OutputStream getOutputStream(Socket socket) throws IOException {
        return new FilterOutputStream(socket.getOutputStream()) {
            @Override
            public void write(byte[] buffer, int offset, int length) throws IOException {
                long start = timing.nanos();
                out.write(buffer, offset, length);
                writing.count(timing.nanos() - start, length);
            }
        };
    }
}
