package dev.jbuild.linux;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Native memory through which content passes between the kernel and the heap; borrowed and given back as {@link Scratch}. */
final class IoBuffer implements AutoCloseable {
    static final int BYTES = 128 << 10;

    private static final ConcurrentLinkedQueue<IoBuffer> IDLE = new ConcurrentLinkedQueue<>();

    private final ByteBuffer memory = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.nativeOrder());
    private final long address = MemorySegment.ofBuffer(memory).address();

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
        return address;
    }

    ByteBuffer memory() {
        return memory;
    }

    void put(byte[] from, int offset, int length) {
        memory.put(0, from, offset, length);
    }

    void get(byte[] into, int offset, int length) {
        memory.get(0, into, offset, length);
    }

    byte[] toArray(int length) {
        byte[] bytes = new byte[length];
        get(bytes, 0, length);
        return bytes;
    }
}
