package dev.jbuild.registry;

import java.io.IOException;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.MonitoringResponseOutOfOrderStrategy;
import org.apache.hc.core5.http.io.ResponseOutOfOrderStrategy;
import org.apache.hc.core5.util.Timeout;

/** One HTTP/1.1 connection: Apache's framing over our guarded socket. */
final class WireConnection extends DefaultBHttpClientConnection {
    private static final Http1Config CONFIG = Http1Config.custom()
            .setBufferSize(HttpLimits.BUFFER)
            .setMaxHeaderCount(1000)
            .build();

    /** Looking for an early answer costs up to a millisecond under TLS, hence once for each of these bytes. */
    private static final ResponseOutOfOrderStrategy EARLY_ANSWERS =
            new MonitoringResponseOutOfOrderStrategy(1024 * 1024);

    private final GuardedSocket socket;

    WireConnection(GuardedSocket socket) throws IOException {
        // A server may refuse an upload before it has read all of it: its answer must be seen, not a broken pipe.
        super(CONFIG, null, null, null, null, EARLY_ANSWERS, null, null);
        this.socket = socket;
        bind(socket);
    }

    /** Reads heads until one is final; the number of interim ones is bounded by the limit on head bytes. */
    ClassicHttpResponse receiveFinalHead() throws HttpException, IOException {
        socket.expectHead();
        ClassicHttpResponse response = receiveResponseHeader();
        while (response.getCode() < 200) {
            response = receiveResponseHeader();
        }
        socket.expectBody();
        return response;
    }

    /** Whether the peer closed a connection that lay idle. */
    boolean isDead() {
        try {
            return isStale();
        } catch (IOException e) {
            // Dead is what the caller asked, and the reason makes no difference: it dials anew.
            return true;
        }
    }

    /** Whether an answer is there although the request was not sent to its end. */
    boolean answersSoon() {
        try {
            return isOpen() && isDataAvailable(Timeout.ofSeconds(1));
        } catch (IOException e) {
            // The connection is broken for reading as well: the failure to write is the one to tell.
            return false;
        }
    }
}
