package dev.jbuild.registry;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.apache.hc.core5.io.CloseMode;

/** Breaks off a connection whose peer stopped reading an upload: a blocked write has no time-out of its own. */
final class StallWatch {
    private final BodyEntity entity;
    private final WireConnection connection;
    private final Duration longest;
    private final Thread watcher;
    private volatile boolean fired;

    private StallWatch(BodyEntity entity, WireConnection connection, Duration longest) {
        this.entity = entity;
        this.connection = connection;
        this.longest = longest;
        this.watcher = Thread.ofVirtual().unstarted(this::watch);
    }

    static StallWatch over(BodyEntity entity, WireConnection connection, Duration longest) {
        StallWatch watch = new StallWatch(entity, connection, longest);
        // A body that fits the socket's buffers cannot block.
        if (entity.getContentLength() > HttpLimits.BUFFER) {
            watch.watcher.start();
        }
        return watch;
    }

    private void watch() {
        try {
            while (!entity.isStuckFor(longest)) {
                Thread.sleep(longest.dividedBy(4).plusMillis(1));
            }
            fired = true;
            connection.close(CloseMode.IMMEDIATE);
        } catch (InterruptedException e) {
            // The upload is over, and so is this thread, which nobody else can ask.
            Thread.currentThread().interrupt();
        }
    }

    boolean hasFired() {
        return fired;
    }

    SocketTimeoutException stall(IOException cause) {
        SocketTimeoutException stall =
                new SocketTimeoutException("the server took nothing of the upload for " + longest.toSeconds() + " s");
        stall.initCause(cause);
        return stall;
    }

    void close() {
        watcher.interrupt();
    }
}
