package dev.jbuild.layer.tar;

import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Chunks with the codecs that work on them, kept from one layer to the next: of a build's layers most are small, and making
 * a codec costs more than such a layer does.
 */
final class ChunkSlots {
    /** What a chunk has at first; it grows to the whole with the layer. */
    private static final int FIRST_BYTES = 16 << 10;

    private final Compression compression;
    private final int chunkBytes;
    private final Queue<Slot> idle;

    /**
     * @param chunkBytes how much a chunk holds at most
     * @param kept how many slots are kept when no layer uses them
     */
    ChunkSlots(Compression compression, int chunkBytes, int kept) {
        this.compression = compression;
        this.chunkBytes = chunkBytes;
        this.idle = new ArrayBlockingQueue<>(kept);
    }

    /** An empty chunk. */
    Slot take() {
        Slot slot = idle.poll();
        return slot != null ? slot : new Slot(MemberCodec.of(compression), chunkBytes);
    }

    /** The slot is not used any more by who took it. */
    void give(Slot slot) {
        slot.length = 0;
        // Where enough are kept already, this one is garbage.
        idle.offer(slot);
    }

    /** A chunk that is filled and then compressed; not thread-safe. */
    static final class Slot {
        private final MemberCodec codec;
        private final int most;
        private byte[] chunk;
        private int length;

        private Slot(MemberCodec codec, int most) {
            this.codec = codec;
            this.most = most;
            this.chunk = new byte[Math.min(FIRST_BYTES, most)];
        }

        /** Takes what there is still room for; returns how many bytes. */
        int fill(byte[] bytes, int offset, int wanted) {
            int count = Math.min(wanted, most - length);
            if (length + count > chunk.length) {
                chunk = Arrays.copyOf(chunk, Math.min(most, Math.max(length + count, 2 * chunk.length)));
            }
            System.arraycopy(bytes, offset, chunk, length, count);
            length += count;
            return count;
        }

        int length() {
            return length;
        }

        boolean isFull() {
            return length == most;
        }

        /** What was filled in, in the first {@link #length} bytes. */
        byte[] chunk() {
            return chunk;
        }

        MemberCodec.Member encode() {
            return codec.encode(chunk, length);
        }
    }
}
