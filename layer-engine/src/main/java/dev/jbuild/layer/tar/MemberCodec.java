package dev.jbuild.layer.tar;

import com.github.luben.zstd.Zstd;
import io.airlift.compress.v3.deflate.DeflateNativeCompressor;
import java.util.zip.CRC32;

/**
 * Turns one chunk of a layer into bytes that stand alone: a gzip member, a zstd frame, or the chunk itself. One codec for
 * each format, so that a layer has one blob on every machine. Not thread-safe.
 */
sealed interface MemberCodec {
    /** The member for the first {@code length} bytes of the chunk. */
    Member encode(byte[] chunk, int length);

    /** The first {@code length} of these bytes; valid until the codec or the chunk is used again. */
    record Member(byte[] bytes, int length) {}

    static MemberCodec of(Compression compression) {
        return switch (compression.format()) {
            case NONE -> new Plain();
            case GZIP -> new Gzip(compression.level());
            case ZSTD -> new ZstdFrame(compression.level());
        };
    }

    /** No compression. */
    record Plain() implements MemberCodec {
        @Override
        public Member encode(byte[] chunk, int length) {
            return new Member(chunk, length);
        }
    }

    /**
     * A gzip member (RFC 1952) by libdeflate. Its extra field {@code JB} holds the member's whole length, so that a reader
     * who knows it can find the next member without inflating this one.
     */
    final class Gzip implements MemberCodec {
        static final int HEADER = 20;
        private static final int TRAILER = 8;

        private final DeflateNativeCompressor deflate;
        private final CRC32 crc = new CRC32();

        Gzip(int level) {
            this.deflate = new DeflateNativeCompressor(level);
        }

        @Override
        public Member encode(byte[] chunk, int length) {
            byte[] member = new byte[HEADER + deflate.maxCompressedLength(length) + TRAILER];
            int body = deflate.compress(chunk, 0, length, member, HEADER, member.length - HEADER - TRAILER);
            int total = HEADER + body + TRAILER;
            putHeader(member, total);
            crc.reset();
            crc.update(chunk, 0, length);
            put32(member, HEADER + body, (int) crc.getValue());
            put32(member, HEADER + body + 4, length);
            return new Member(member, total);
        }

        /** No time, no name, unknown system: nothing of this machine. */
        private static void putHeader(byte[] member, int total) {
            member[0] = 0x1f;
            member[1] = (byte) 0x8b;
            member[2] = 8;
            member[3] = 4;
            member[9] = (byte) 255;
            member[10] = 8;
            member[12] = 'J';
            member[13] = 'B';
            member[14] = 4;
            put32(member, 16, total);
        }

        private static void put32(byte[] bytes, int at, int value) {
            for (int i = 0; i < 4; i++) {
                bytes[at + i] = (byte) (value >>> (8 * i));
            }
        }
    }

    /** A zstd frame with its content size (RFC 8878). */
    record ZstdFrame(int level) implements MemberCodec {
        @Override
        public Member encode(byte[] chunk, int length) {
            byte[] frame = new byte[Math.toIntExact(Zstd.compressBound(length))];
            long size = Zstd.compressByteArray(frame, 0, frame.length, chunk, 0, length, level);
            if (Zstd.isError(size)) {
                throw new IllegalStateException("zstd: " + Zstd.getErrorName(size));
            }
            return new Member(frame, Math.toIntExact(size));
        }
    }
}
