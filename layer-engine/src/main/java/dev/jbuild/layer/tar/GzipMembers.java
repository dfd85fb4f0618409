package dev.jbuild.layer.tar;

import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Gzip members (RFC 1952): libdeflate's for what shrinks, and members of stored blocks (RFC 1951, 3.2.4) for what does not.
 * Each has an extra field {@code JB} with its whole length, so that a reader who knows it can find the next member without
 * inflating this one.
 */
final class GzipMembers implements MemberCodec {
    static final int HEADER = 20;
    private static final int TRAILER = 8;

    /** What is either compressed or stored. Changing it changes every digest. */
    private static final int SLICE = 64 << 10;

    private static final int STORED_BLOCK = 0xffff;
    private static final int STORED_HEADER = 5;

    private final RawDeflate deflate;
    private final CRC32 crc = new CRC32();
    private byte[] members = new byte[0];
    private int written;

    GzipMembers(int level) {
        this.deflate = RawDeflate.ofLevel(level);
    }

    @Override
    public Member encode(byte[] chunk, int length) {
        written = 0;
        int start = 0;
        boolean shrinks = mayShrink(chunk, 0, length);
        for (int at = SLICE; at < length; at += SLICE) {
            boolean next = mayShrink(chunk, at, length);
            if (next != shrinks) {
                put(chunk, start, at - start, shrinks);
                start = at;
                shrinks = next;
            }
        }
        put(chunk, start, length - start, shrinks);
        return new Member(members, written);
    }

    private static boolean mayShrink(byte[] chunk, int start, int length) {
        return Compressibility.mayShrink(chunk, start, Math.min(SLICE, length - start));
    }

    private void put(byte[] chunk, int start, int length, boolean shrinks) {
        int most = shrinks ? deflate.bound(length) : length + storedBlocks(length) * STORED_HEADER;
        reserve(HEADER + most + TRAILER);
        int body = shrinks ? deflate(chunk, start, length, most) : store(chunk, start, length);
        int total = HEADER + body + TRAILER;
        putHeader(total);
        crc.reset();
        crc.update(chunk, start, length);
        put32(written + HEADER + body, (int) crc.getValue());
        put32(written + HEADER + body + 4, length);
        written += total;
    }

    private void reserve(int more) {
        if (members.length - written < more) {
            members = Arrays.copyOf(members, Math.max(written + more, 2 * members.length));
        }
    }

    private int deflate(byte[] chunk, int start, int length, int most) {
        return deflate.compress(chunk, start, length, members, written + HEADER, most);
    }

    private int store(byte[] chunk, int start, int length) {
        int at = written + HEADER;
        for (int done = 0; done < length; ) {
            int block = Math.min(STORED_BLOCK, length - done);
            members[at] = (byte) (done + block == length ? 1 : 0);
            put16(at + 1, block);
            put16(at + 3, ~block);
            System.arraycopy(chunk, start + done, members, at + STORED_HEADER, block);
            at += STORED_HEADER + block;
            done += block;
        }
        return at - written - HEADER;
    }

    private static int storedBlocks(int length) {
        return (length + STORED_BLOCK - 1) / STORED_BLOCK;
    }

    /** No time, no name, unknown system: nothing of this machine. */
    private void putHeader(int total) {
        byte[] header = {0x1f, (byte) 0x8b, 8, 4, 0, 0, 0, 0, 0, (byte) 255, 8, 0, 'J', 'B', 4, 0};
        System.arraycopy(header, 0, members, written, header.length);
        put32(written + header.length, total);
    }

    private void put16(int at, int value) {
        members[at] = (byte) value;
        members[at + 1] = (byte) (value >>> 8);
    }

    private void put32(int at, int value) {
        put16(at, value);
        put16(at + 2, value >>> 16);
    }
}
