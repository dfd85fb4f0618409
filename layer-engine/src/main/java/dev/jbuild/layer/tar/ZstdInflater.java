package dev.jbuild.layer.tar;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.ZipException;

/**
 * All frames of a zstd file (RFC 8878), skippable ones passed over, and nothing after them. The library's own stream takes
 * the beginning of a frame at the end of a file for nothing.
 */
final class ZstdInflater extends FilterInputStream {
    private static final int INPUT = 128 << 10;
    private static final int OUTPUT = 256 << 10;
    private static final int MAGIC = 0xFD2FB528;
    /** Magic, descriptor, window, dictionary id, content size (RFC 8878, 3.1.1.1). */
    private static final int LONGEST_HEADER = 4 + 1 + 1 + 4 + 8;

    private final long maxWindow;
    private final Buffers buffers = Buffers.borrow();
    private final ZstdDecompressCtx context = new ZstdDecompressCtx();
    private final ByteBuffer input = buffers.input;
    private final ByteBuffer output = buffers.output;
    private final byte[] chunk = new byte[INPUT];
    private boolean closed;
    private boolean inFrame;
    private boolean ended;

    /** @param maxWindow bytes; zstd itself refuses more than 128 MiB */
    ZstdInflater(InputStream in, long maxWindow) {
        super(in);
        this.maxWindow = maxWindow;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("this inflater is closed");
        }
        if (length == 0) {
            return 0;
        }
        while (!output.hasRemaining() && !ended) {
            inflate();
        }
        int count = Math.min(length, output.remaining());
        output.get(buffer, offset, count);
        return count == 0 ? -1 : count;
    }

    @Override
    public int available() {
        return closed ? 0 : output.remaining();
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            context.close();
            buffers.giveBack();
        }
        super.close();
    }

    private void inflate() throws IOException {
        if (!inFrame && !startFrame()) {
            ended = true;
            return;
        }
        if (!input.hasRemaining() && !fill()) {
            throw new EOFException("it ends in the middle of a zstd frame");
        }
        output.clear();
        try {
            inFrame = !context.decompressDirectByteBufferStream(output, input);
        } catch (ZstdException e) {
            ZipException damaged = new ZipException(String.valueOf(e.getMessage()));
            damaged.initCause(e);
            throw damaged;
        } finally {
            output.flip();
        }
    }

    /** False at the end of the file. */
    private boolean startFrame() throws IOException {
        while (input.remaining() < LONGEST_HEADER && fill()) {
            // Until the header is here as a whole, or all that there is.
        }
        if (!input.hasRemaining()) {
            return false;
        }
        requireWindow();
        inFrame = true;
        return true;
    }

    private void requireWindow() throws WindowException {
        int at = input.position();
        if (input.remaining() < 6 || input.getInt(at) != MAGIC) {
            return;
        }
        int descriptor = input.get(at + 4);
        boolean isSingleSegment = (descriptor & 0x20) != 0;
        long size = isSingleSegment ? contentSize(at, descriptor) : windowSize(input.get(at + 5) & 0xff);
        // As a number without sign: a content may claim 2^63 bytes and more.
        if (Long.compareUnsigned(size, maxWindow) > 0) {
            throw new WindowException("a zstd window of " + Long.toUnsignedString(size) + " bytes", maxWindow);
        }
    }

    private static long windowSize(int window) {
        long base = 1L << (10 + (window >>> 3));
        return base + base / 8 * (window & 7);
    }

    /** Of a frame whose window is its content (RFC 8878, 3.1.1.1.4); nothing when the header ends before. */
    private long contentSize(int header, int descriptor) {
        int idFlag = descriptor & 3;
        int at = header + 5 + (idFlag == 3 ? 4 : idFlag);
        int length = 1 << ((descriptor & 0xff) >>> 6);
        if (at + length > input.limit()) {
            return 0;
        }
        return switch (length) {
            case 1 -> input.get(at) & 0xff;
            case 2 -> (input.getShort(at) & 0xffff) + 256;
            case 4 -> input.getInt(at) & 0xffff_ffffL;
            default -> input.getLong(at);
        };
    }

    private boolean fill() throws IOException {
        input.compact();
        int count = in.read(chunk, 0, input.remaining());
        if (count > 0) {
            input.put(chunk, 0, count);
        }
        input.flip();
        return count > 0;
    }

    /** Outside of the heap, where a collector is late to free them; lent on, there are never more than streams inflated at a time. */
    private static final class Buffers {
        private static final ConcurrentLinkedQueue<Buffers> IDLE = new ConcurrentLinkedQueue<>();

        private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT).order(ByteOrder.LITTLE_ENDIAN);
        private final ByteBuffer output = ByteBuffer.allocateDirect(OUTPUT);

        static Buffers borrow() {
            Buffers idle = IDLE.poll();
            Buffers empty = idle == null ? new Buffers() : idle;
            empty.input.limit(0);
            empty.output.limit(0);
            return empty;
        }

        void giveBack() {
            IDLE.add(this);
        }
    }
}
