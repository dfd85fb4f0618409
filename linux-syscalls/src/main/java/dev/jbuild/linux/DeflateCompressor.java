package dev.jbuild.linux;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Compresses by libdeflate, one whole stream after the other; closing it gives it back to the library. */
public final class DeflateCompressor implements AutoCloseable {
    private final DeflateLibrary library;
    private final int level;
    private final long compressor;
    private ByteBuffer input = ByteBuffer.allocateDirect(0);
    private ByteBuffer output = ByteBuffer.allocateDirect(0);

    DeflateCompressor(DeflateLibrary library, int level) {
        this.library = library;
        this.level = level;
        this.compressor = library.make(level);
    }

    /** How many bytes the stream of so many can have at most. */
    public int bound(int length) {
        return Math.toIntExact(library.bound(compressor, length));
    }

    /**
     * Compresses a part of an array into a part of another.
     *
     * @param room what there is for the stream in {@code into}, {@link #bound} at least
     * @return the bytes of the stream
     */
    public int compress(byte[] from, int offset, int length, byte[] into, int at, int room) {
        input = atLeast(length, input);
        output = atLeast(room, output);
        input.put(0, from, offset, length);
        long size = library.compress(compressor, address(input), length, address(output), room);
        if (size <= 0 || size > room) {
            throw new IllegalArgumentException("no room for the stream of " + length + " bytes: " + room);
        }
        output.get(0, into, at, (int) size);
        return (int) size;
    }

    @Override
    public void close() {
        library.giveBack(level, this);
    }

    private static ByteBuffer atLeast(int bytes, ByteBuffer buffer) {
        return buffer.capacity() >= bytes ? buffer : ByteBuffer.allocateDirect(bytes);
    }

    private static long address(ByteBuffer buffer) {
        return MemorySegment.ofBuffer(buffer).address();
    }
}
