package dev.jbuild.layer.tar;

import com.github.luben.zstd.Zstd;

/**
 * Turns one chunk of a layer into bytes that stand alone: gzip members, a zstd frame, or the chunk itself. One codec for
 * each format, so that a layer has one blob on every machine. Not thread-safe.
 */
sealed interface MemberCodec permits MemberCodec.Plain, GzipMembers, MemberCodec.ZstdFrame {
    /** The members for the first {@code length} bytes of the chunk. */
    Member encode(byte[] chunk, int length);

    /** The first {@code length} of these bytes; valid until the codec or the chunk is used again. */
    record Member(byte[] bytes, int length) {}

    static MemberCodec of(Compression compression) {
        return switch (compression.format()) {
            case NONE -> new Plain();
            case GZIP -> new GzipMembers(compression.level());
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
