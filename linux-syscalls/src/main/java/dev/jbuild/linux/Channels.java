package dev.jbuild.linux;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What processes talk to each other through. */
final class Channels {
    private static final byte[] PIPE = "a pipe".getBytes(StandardCharsets.US_ASCII);

    private static final int O_CLOEXEC = 02000000;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_NOSIGNAL = 0x4000;

    // struct msghdr (recvmsg(2)), and after it what it points to: one struct iovec, its one byte, one struct cmsghdr.
    private static final int MESSAGE_BYTES = 56;
    private static final int VECTOR = MESSAGE_BYTES;
    private static final int BYTE = VECTOR + 16;
    private static final int CONTROL = BYTE + 8;
    private static final int CONTROL_HEADER_BYTES = 16;
    private static final int MAX_DESCRIPTORS = 2;

    private final Calls calls;

    Channels(Calls calls) {
        this.calls = calls;
    }

    Pipe pipe(Linux linux) throws LinuxException {
        try (Scratch scratch = Scratch.borrow()) {
            calls.make(scratch, Syscall.PIPE2, "a pipe", scratch.structureAddress(), O_CLOEXEC, 0, 0, 0);
            ByteBuffer ends = scratch.structure();
            return new Pipe(Fd.ofPath(linux, ends.getInt(0), PIPE), Fd.ofPath(linux, ends.getInt(4), PIPE));
        }
    }

    void send(Fd socket, Fd... descriptors) throws LinuxException {
        if (descriptors.length > MAX_DESCRIPTORS) {
            throw new IllegalArgumentException(descriptors.length + " descriptors, at most " + MAX_DESCRIPTORS);
        }
        try (Scratch scratch = Scratch.borrow()) {
            putMessage(scratch, descriptors);
            calls.of(scratch, Syscall.SENDMSG, socket, scratch.structureAddress(), MSG_NOSIGNAL, 0, 0);
        }
    }

    private static void putMessage(Scratch scratch, Fd... descriptors) {
        long address = scratch.structureAddress();
        int controlBytes = CONTROL_HEADER_BYTES + Integer.BYTES * descriptors.length;
        ByteBuffer message = scratch.structure();
        // No name.
        message.putLong(0, 0).putLong(8, 0);
        message.putLong(16, address + VECTOR).putLong(24, 1);
        message.putLong(32, address + CONTROL).putLong(40, controlBytes);
        message.putLong(48, 0);
        message.putLong(VECTOR, address + BYTE).putLong(VECTOR + 8, 1);
        message.putLong(BYTE, 0);
        message.putLong(CONTROL, controlBytes).putInt(CONTROL + 8, SOL_SOCKET).putInt(CONTROL + 12, SCM_RIGHTS);
        for (int i = 0; i < descriptors.length; i++) {
            message.putInt(CONTROL + CONTROL_HEADER_BYTES + Integer.BYTES * i, descriptors[i].number());
        }
    }
}
