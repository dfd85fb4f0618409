package dev.jbuild.layer.tar;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.ZipException;

/**
 * All members of a gzip file (RFC 1952), each checked by its CRC and length, and nothing after them. The JDK's
 * GZIPInputStream looks at {@code available()} to guess whether another member follows, and passes over trailing bytes:
 * two ways to lose content.
 */
final class GzipInflater extends FilterInputStream {
    private static final int FHCRC = 2;
    private static final int FEXTRA = 4;
    private static final int FNAME = 8;
    private static final int FCOMMENT = 16;
    private static final int RESERVED = 0xe0;
    private static final int BUFFER = DeflateDecoder.MOST_INPUT;
    private static final int KEPT = DeflateDecoder.LOOK_BACK;

    private final DeflateDecoder decoder;
    private final CRC32 crc = new CRC32();
    private final byte[] input = new byte[KEPT + BUFFER];
    private int at;
    private int limit;
    private long size;
    private boolean inMember;
    private boolean ended;

    /** @param decoder closed with the stream */
    GzipInflater(InputStream in, DeflateDecoder decoder) {
        super(in);
        this.decoder = decoder;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!ended) {
            if (!inMember) {
                startMember();
            } else {
                int count = inflate(buffer, offset, length);
                if (count > 0) {
                    crc.update(buffer, offset, count);
                    size += count;
                    return count;
                }
            }
        }
        return -1;
    }

    @Override
    public int available() {
        return ended ? 0 : 1;
    }

    @Override
    public void close() throws IOException {
        ended = true;
        decoder.close();
        super.close();
    }

    private int inflate(byte[] buffer, int offset, int length) throws IOException {
        try {
            int count = decoder.decode(buffer, offset, length);
            if (count > 0) {
                return count;
            }
        } catch (DataFormatException e) {
            ZipException damaged = new ZipException(e.getMessage() == null ? "no deflate data" : e.getMessage());
            damaged.initCause(e);
            throw damaged;
        }
        if (decoder.hasEnded()) {
            finishMember();
        } else {
            require(at < limit || fill(), "it ends in the middle of a gzip member");
            decoder.feed(input, at, limit - at);
            at = limit;
        }
        return 0;
    }

    private void startMember() throws IOException {
        if (at == limit && !fill()) {
            ended = true;
            return;
        }
        require(next() == 0x1f && next() == 0x8b, "bytes that are no gzip member follow the last one");
        require(next() == 8, "an unknown gzip compression method");
        int flags = next();
        require((flags & RESERVED) == 0, "reserved gzip flags are set");
        skip(6);
        if ((flags & FEXTRA) != 0) {
            skip(next() | next() << 8);
        }
        if ((flags & FNAME) != 0) {
            skipText();
        }
        if ((flags & FCOMMENT) != 0) {
            skipText();
        }
        if ((flags & FHCRC) != 0) {
            skip(2);
        }
        decoder.reset();
        crc.reset();
        size = 0;
        inMember = true;
    }

    private void finishMember() throws IOException {
        at = limit - decoder.unused();
        require(next32() == crc.getValue(), "a gzip member's CRC is wrong");
        require(next32() == (size & 0xffff_ffffL), "a gzip member's length is wrong");
        inMember = false;
    }

    private void skipText() throws IOException {
        while (next() != 0) {
            // The file name and comment say nothing about the content.
        }
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            next();
        }
    }

    private long next32() throws IOException {
        return next() | next() << 8 | next() << 16 | (long) next() << 24;
    }

    private int next() throws IOException {
        if (at == limit && !fill()) {
            throw new EOFException("it ends in the middle of a gzip member");
        }
        return input[at++] & 0xff;
    }

    private boolean fill() throws IOException {
        // The decoder may have taken the end of one buffer ahead, and give it back in the next.
        int kept = Math.min(KEPT, limit);
        System.arraycopy(input, limit - kept, input, KEPT - kept, kept);
        at = KEPT;
        int count = in.read(input, KEPT, BUFFER);
        limit = KEPT + Math.max(0, count);
        return count > 0;
    }

    private static void require(boolean holds, String broken) throws ZipException {
        if (!holds) {
            throw new ZipException(broken);
        }
    }
}
