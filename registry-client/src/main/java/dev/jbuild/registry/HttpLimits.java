package dev.jbuild.registry;

import java.time.Duration;

/**
 * Bounds of time and size of HTTP.
 *
 * @param connect the longest wait for a connection, TLS included
 * @param firstByte the longest wait for the first byte of an answer
 * @param slowWindow the span over which the slowest permitted rate is measured
 * @param slowestRate bytes a second below which, over the span, a transfer counts as stalled
 * @param headBytes the longest status line and header fields of an answer, together
 * @param attempts how often a request is sent before it fails; progress of a transfer starts the count anew
 * @param longestWait the longest single wait between attempts, also when the server asks for more
 * @param totalWait all waits of one request together
 * @param connections the most connections to one host in each direction
 * @param uploadChunk the largest body of one upload request; longer blobs go in pieces
 */
public record HttpLimits(
        Duration connect,
        Duration firstByte,
        Duration slowWindow,
        int slowestRate,
        int headBytes,
        int attempts,
        Duration longestWait,
        Duration totalWait,
        int connections,
        long uploadChunk) {
    /** The size of the buffers between streams, in bytes. */
    static final int BUFFER = 64 * 1024;

    /** The limits of the design, section 7. */
    public static HttpLimits defaults() {
        return new HttpLimits(
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                1024,
                256 * 1024,
                6,
                Duration.ofSeconds(60),
                Duration.ofMinutes(15),
                8,
                Long.MAX_VALUE);
    }

    /** The same, with blobs of more than so many bytes uploaded in pieces. */
    public HttpLimits withUploadChunk(long bytes) {
        return new HttpLimits(
                connect,
                firstByte,
                slowWindow,
                slowestRate,
                headBytes,
                attempts,
                longestWait,
                totalWait,
                connections,
                bytes);
    }

    Pace pace() {
        return new Pace(slowWindow, slowestRate);
    }
}
