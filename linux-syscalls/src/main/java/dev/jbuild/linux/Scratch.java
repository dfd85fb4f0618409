package dev.jbuild.linux;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Native memory for one call in progress: error number, a small structure, two paths.
 *
 * <p>Borrowed and given back, because an arena for each call costs more than most of the calls. There are never more of
 * them than calls at one time, so they are never freed. Fields are read through a buffer: the first access to a memory
 * segment by a layout spins classes at run time, which start-up would pay for.
 */
final class Scratch implements AutoCloseable {
    /** PATH_MAX, with its closing NUL (limits.h). */
    static final int PATH_BYTES = 4096;

    private static final int STATE_BYTES = 16;
    private static final int STRUCTURE = STATE_BYTES;
    private static final int STRUCTURE_BYTES = 256;
    private static final int FIRST_PATH = STRUCTURE + STRUCTURE_BYTES;
    private static final int SECOND_PATH = FIRST_PATH + PATH_BYTES;
    private static final ConcurrentLinkedQueue<Scratch> IDLE = new ConcurrentLinkedQueue<>();

    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(SECOND_PATH + PATH_BYTES).order(ByteOrder.nativeOrder());
    private final MemorySegment callState = MemorySegment.ofBuffer(memory.slice(0, STATE_BYTES));
    private final long address = callState.address();
    private final ByteBuffer structure =
            memory.slice(STRUCTURE, STRUCTURE_BYTES).order(ByteOrder.nativeOrder());

    private Scratch() {}

    static Scratch borrow() {
        Scratch idle = IDLE.poll();
        return idle == null ? new Scratch() : idle;
    }

    @Override
    public void close() {
        IDLE.add(this);
    }

    MemorySegment callState() {
        return callState;
    }

    /** On Linux errno is the only call state there is, at offset 0. */
    int errno() {
        return memory.getInt(0);
    }

    ByteBuffer structure() {
        return structure;
    }

    long structureAddress() {
        return address + STRUCTURE;
    }

    /** Puts a path in place and returns its address. */
    long firstPath(byte[] path) throws LinuxException {
        return put(FIRST_PATH, path);
    }

    long secondPath(byte[] path) throws LinuxException {
        return put(SECOND_PATH, path);
    }

    long secondPathAddress() {
        return address + SECOND_PATH;
    }

    byte[] secondPathBytes(int length) {
        byte[] bytes = new byte[length];
        memory.get(SECOND_PATH, bytes);
        return bytes;
    }

    private long put(int offset, byte[] path) throws LinuxException {
        if (path.length >= PATH_BYTES) {
            throw new LinuxException("path", Errno.ENAMETOOLONG, Fd.shown(path).substring(0, 80) + "…");
        }
        for (byte b : path) {
            if (b == 0) {
                throw new LinuxException("path", Errno.EINVAL, "a name with a NUL");
            }
        }
        memory.put(offset, path);
        memory.put(offset + path.length, (byte) 0);
        return address + offset;
    }
}
