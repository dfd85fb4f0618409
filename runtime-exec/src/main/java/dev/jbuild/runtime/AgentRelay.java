package dev.jbuild.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Optional;

/**
 * Carries the requests of one connection to an SSH agent, and its answers back. Messages are a length of four bytes, a type of
 * one, and what belongs to it (draft-ietf-sshm-ssh-agent, "Protocol Messages").
 */
record AgentRelay(ByteChannel step, ByteChannel agent) {
    /** What OpenSSH's agent takes at most (AGENT_MAX_LEN). */
    static final int MAX_LENGTH = 256 << 10;

    private static final int REQUEST_IDENTITIES = 11;
    private static final int SIGN_REQUEST = 13;

    /** A message of one byte: SSH_AGENT_FAILURE. */
    private static final byte[] FAILURE = {0, 0, 0, 1, 5};

    /** Until either side ends. */
    void run() throws IOException {
        for (Optional<ByteBuffer> request = read(step); request.isPresent(); request = read(step)) {
            int type = request.get().get(Integer.BYTES);
            if (type != REQUEST_IDENTITIES && type != SIGN_REQUEST) {
                write(step, ByteBuffer.wrap(FAILURE));
                continue;
            }
            write(agent, request.get());
            Optional<ByteBuffer> answer = read(agent);
            if (answer.isEmpty()) {
                return;
            }
            write(step, answer.get());
        }
    }

    /** The next message, its length included; empty at the end. */
    private static Optional<ByteBuffer> read(ByteChannel from) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(Integer.BYTES);
        if (!fill(from, head)) {
            return Optional.empty();
        }
        int length = head.getInt(0);
        if (length < 1 || length > MAX_LENGTH) {
            throw new IOException("a message to or from an SSH agent has " + Integer.toUnsignedString(length)
                    + " bytes; the limit is " + MAX_LENGTH);
        }
        ByteBuffer message = ByteBuffer.allocate(Integer.BYTES + length).putInt(length);
        return fill(from, message) ? Optional.of(message.flip()) : Optional.empty();
    }

    private static boolean fill(ByteChannel from, ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (from.read(into) < 0) {
                return false;
            }
        }
        return true;
    }

    private static void write(ByteChannel to, ByteBuffer message) throws IOException {
        while (message.hasRemaining()) {
            to.write(message);
        }
    }
}
