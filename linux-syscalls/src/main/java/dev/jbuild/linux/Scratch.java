package dev.jbuild.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Native memory for one call in progress: error number, a small structure, two paths.
 *
 * <p>Borrowed and given back, because an arena for each call costs more than most of the calls. There are never more of
 * them than calls at one time, so they are never freed.
 */
final class Scratch implements AutoCloseable {
    /** PATH_MAX, with its closing NUL (limits.h). */
    static final int PATH_BYTES = 4096;

    private static final int STATE_BYTES = 16;
    private static final int STRUCTURE_BYTES = 256;
    private static final ConcurrentLinkedQueue<Scratch> IDLE = new ConcurrentLinkedQueue<>();

    private final MemorySegment callState;
    private final MemorySegment structure;
    private final MemorySegment firstPath;
    private final MemorySegment secondPath;

    private Scratch() {
        MemorySegment block = Arena.global().allocate(STATE_BYTES + STRUCTURE_BYTES + 2L * PATH_BYTES, STATE_BYTES);
        callState = block.asSlice(0, STATE_BYTES);
        structure = block.asSlice(STATE_BYTES, STRUCTURE_BYTES);
        firstPath = block.asSlice(STATE_BYTES + STRUCTURE_BYTES, PATH_BYTES);
        secondPath = block.asSlice(STATE_BYTES + STRUCTURE_BYTES + PATH_BYTES, PATH_BYTES);
    }

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
        return callState.get(ValueLayout.JAVA_INT, 0);
    }

    MemorySegment structure() {
        return structure;
    }

    /** Puts a path in place and returns its address. */
    long firstPath(byte[] path) throws LinuxException {
        return put(firstPath, path);
    }

    long secondPath(byte[] path) throws LinuxException {
        return put(secondPath, path);
    }

    MemorySegment secondPathMemory() {
        return secondPath;
    }

    private static long put(MemorySegment memory, byte[] path) throws LinuxException {
        if (path.length >= PATH_BYTES) {
            throw new LinuxException("path", Errno.ENAMETOOLONG, Fd.shown(path).substring(0, 80) + "…");
        }
        for (byte b : path) {
            if (b == 0) {
                throw new LinuxException("path", Errno.EINVAL, "a name with a NUL");
            }
        }
        MemorySegment.copy(path, 0, memory, ValueLayout.JAVA_BYTE, 0, path.length);
        memory.set(ValueLayout.JAVA_BYTE, path.length, (byte) 0);
        return memory.address();
    }
}
