package dev.jbuild.linux;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.DataFormatException;

/**
 * Inflates raw deflate streams (RFC 1951) by ISA-L, one after the other, in pieces of any size. It takes some bytes of its
 * input ahead, so {@link #unused} can reach back into what was fed before the last time.
 */
public final class IsalInflater implements AutoCloseable {
    /** The most bytes that {@link #feed} takes at a time. */
    public static final int INPUT = 64 << 10;

    /** How far {@link #unused} may reach back before the bytes fed last: the decoder's 64 bits. */
    public static final int LOOK_BACK = 8;

    private final IsalLibrary library;
    private final Memory memory;
    private boolean closed;

    IsalInflater(IsalLibrary library) {
        this.library = library;
        this.memory = Memory.borrow();
        reset();
    }

    /** Forgets everything and expects the beginning of a stream. */
    public void reset() {
        requireOpen();
        memory.output.limit(0);
        try (Scratch scratch = Scratch.borrow()) {
            library.init(scratch, memory.state);
        }
    }

    /**
     * Gives it the next bytes, once {@link #decode} has returned zero.
     *
     * @param length at most {@link #INPUT} bytes
     */
    public void feed(byte[] from, int offset, int length) {
        requireOpen();
        if (length > INPUT) {
            throw new IllegalArgumentException("more than " + INPUT + " bytes at a time");
        }
        memory.input.put(0, from, offset, length);
        memory.fields.putLong(State.NEXT_IN, memory.inputAddress).putInt(State.AVAIL_IN, length);
    }

    /**
     * Puts what it can into a part of an array.
     *
     * @return how many bytes; zero when it needs more input, or the stream has ended
     * @throws DataFormatException what it was fed is no deflate stream
     */
    public int decode(byte[] into, int offset, int length) throws DataFormatException {
        requireOpen();
        if (!memory.output.hasRemaining()) {
            inflate();
        }
        int count = Math.min(length, memory.output.remaining());
        memory.output.get(into, offset, count);
        return count;
    }

    /** Whether the stream's last byte has been decoded and handed out. */
    public boolean hasEnded() {
        requireOpen();
        return memory.fields.getInt(State.BLOCK_STATE) == State.FINISH && !memory.output.hasRemaining();
    }

    /** After the end: how many of the bytes fed lie behind the stream. */
    public int unused() {
        requireOpen();
        int ahead = memory.fields.getInt(State.READ_IN_LENGTH) / Byte.SIZE;
        return memory.fields.getInt(State.AVAIL_IN) + ahead;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            memory.giveBack();
        }
    }

    /** Closed, it has given its memory to another. */
    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this inflater is closed");
        }
    }

    private void inflate() throws DataFormatException {
        ByteBuffer fields = memory.fields;
        if (fields.getInt(State.BLOCK_STATE) == State.FINISH) {
            return;
        }
        fields.putLong(State.NEXT_OUT, memory.outputAddress).putInt(State.AVAIL_OUT, Memory.OUTPUT);
        int result;
        try (Scratch scratch = Scratch.borrow()) {
            result = library.inflate(scratch, memory.state);
        }
        if (result != 0) {
            throw new DataFormatException("invalid deflate data (isal_inflate: " + result + ")");
        }
        memory.output.limit(Memory.OUTPUT - fields.getInt(State.AVAIL_OUT)).position(0);
        requireProgress(fields);
    }

    private void requireProgress(ByteBuffer fields) throws DataFormatException {
        boolean stuck = !memory.output.hasRemaining()
                && fields.getInt(State.AVAIL_IN) > 0
                && fields.getInt(State.BLOCK_STATE) != State.FINISH;
        if (stuck) {
            throw new DataFormatException("invalid deflate data (isal_inflate makes no progress)");
        }
    }

    /** Where {@code struct inflate_state} has what (igzip_lib.h of ISA-L 2); {@link IsalLibrary} tries it out. */
    private static final class State {
        static final int NEXT_OUT = 0;
        static final int AVAIL_OUT = 8;
        static final int NEXT_IN = 16;
        static final int AVAIL_IN = 32;
        static final int READ_IN_LENGTH = 36;
        static final int BLOCK_STATE = 21160;

        /** ISAL_BLOCK_FINISH. */
        static final int FINISH = 5;
    }

    /** A state, its input and its output; never freed, as there are never more than streams inflated at a time. */
    private static final class Memory {
        /** The structure has 87,368 bytes in ISA-L 2.30. */
        static final int STATE = 128 << 10;

        static final int OUTPUT = 256 << 10;

        /** Its loops move 16 bytes at a time and more; they are meant to stay inside, and this is what if not. */
        static final int MARGIN = 4096;

        static final ConcurrentLinkedQueue<Memory> IDLE = new ConcurrentLinkedQueue<>();

        final ByteBuffer fields = ByteBuffer.allocateDirect(STATE).order(ByteOrder.nativeOrder());
        final ByteBuffer input = ByteBuffer.allocateDirect(INPUT + MARGIN);
        final ByteBuffer output = ByteBuffer.allocateDirect(OUTPUT + MARGIN);
        final long state = MemorySegment.ofBuffer(fields).address();
        final long inputAddress = MemorySegment.ofBuffer(input).address();
        final long outputAddress = MemorySegment.ofBuffer(output).address();

        static Memory borrow() {
            Memory idle = IDLE.poll();
            return idle == null ? new Memory() : idle;
        }

        void giveBack() {
            output.position(0).limit(0);
            IDLE.add(this);
        }
    }
}
