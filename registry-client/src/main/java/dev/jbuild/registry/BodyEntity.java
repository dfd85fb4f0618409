package dev.jbuild.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;

/** A request's body on its way out; counts what went, and tells failures of the source from those of the network. */
final class BodyEntity extends AbstractHttpEntity {
    /** The body could not be read at its source; sending the request again will not help. */
    static final class SourceException extends IOException {
        private static final long serialVersionUID = 1;

        private final IOException reason;

        SourceException(IOException reason) {
            super(reason);
            this.reason = reason;
        }

        IOException reason() {
            return reason;
        }
    }

    private static final long NOT_WRITING = Long.MIN_VALUE;

    private final HttpRequest.Body body;
    private final Timing timing;
    private long sent;
    private volatile long writingSince = NOT_WRITING;

    BodyEntity(HttpRequest.Body body, Timing timing) {
        super((String) null, null, false);
        this.body = body;
        this.timing = timing;
    }

    /** Whether the network has taken nothing for so long; a slow source does not count. */
    boolean isStuckFor(Duration time) {
        long since = writingSince;
        return since != NOT_WRITING && timing.nanos() - since > time.toNanos();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        try (InputStream in = open()) {
            byte[] buffer = new byte[Math.clamp(body.length(), 1, HttpLimits.BUFFER)];
            for (int count = read(in, buffer); count >= 0; count = read(in, buffer)) {
                requireGoOn();
                if (sent + count > body.length()) {
                    throw wrongLength("more");
                }
                writingSince = timing.nanos();
                out.write(buffer, 0, count);
                writingSince = NOT_WRITING;
                sent += count;
            }
        }
        if (sent < body.length()) {
            throw wrongLength("fewer");
        }
    }

    /** A body may take hours to send; whoever is told to stop must not go on until its end. */
    private static void requireGoOn() throws SourceException {
        if (Thread.currentThread().isInterrupted()) {
            throw new SourceException(new InterruptedIOException("interrupted while sending a blob"));
        }
    }

    private SourceException wrongLength(String how) {
        return new SourceException(new IOException("the blob has " + how + " than its " + body.length() + " bytes"));
    }

    private InputStream open() throws SourceException {
        try {
            return body.open();
        } catch (IOException e) {
            throw new SourceException(e);
        }
    }

    private static int read(InputStream in, byte[] buffer) throws SourceException {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw new SourceException(e);
        }
    }

    @Override
    public InputStream getContent() throws IOException {
        return open();
    }

    @Override
    public boolean isStreaming() {
        return true;
    }

    @Override
    public boolean isRepeatable() {
        return false;
    }

    @Override
    public long getContentLength() {
        return body.length();
    }

    @Override
    public void close() {}
}
