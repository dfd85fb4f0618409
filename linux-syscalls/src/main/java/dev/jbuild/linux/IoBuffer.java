package dev.jbuild.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Native memory through which content passes between the kernel and the heap; borrowed and given back as {@link Scratch}. */
final class IoBuffer implements AutoCloseable {
    static final int BYTES = 128 << 10;

    private static final ConcurrentLinkedQueue<IoBuffer> IDLE = new ConcurrentLinkedQueue<>();

    private final MemorySegment memory = Arena.global().allocate(BYTES, 8);

    private IoBuffer() {}

    static IoBuffer borrow() {
        IoBuffer idle = IDLE.poll();
        return idle == null ? new IoBuffer() : idle;
    }

    @Override
    public void close() {
        IDLE.add(this);
    }

    long address() {
        return memory.address();
    }

    MemorySegment memory() {
        return memory;
    }

    void put(byte[] from, int offset, int length) {
        MemorySegment.copy(from, offset, memory, ValueLayout.JAVA_BYTE, 0, length);
    }

    void get(byte[] into, int offset, int length) {
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, 0, into, offset, length);
    }

    byte[] toArray(int length) {
        byte[] bytes = new byte[length];
        get(bytes, 0, length);
        return bytes;
    }
}
