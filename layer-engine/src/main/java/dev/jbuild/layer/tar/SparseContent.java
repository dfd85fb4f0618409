package dev.jbuild.layer.tar;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** A sparse file in full: its stored pieces, and zeros between them. */
final class SparseContent extends InputStream {
    private final InputStream stored;
    private final SparseMap map;
    private final long size;
    private long position;
    private int piece;

    SparseContent(InputStream stored, SparseMap map, long size) {
        this.stored = stored;
        this.map = map;
        this.size = size;
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
        if (position == size) {
            return -1;
        }
        int count = isInHole() ? readZeros(buffer, offset, length) : readPiece(buffer, offset, length);
        position += count;
        if (piece < map.count() && position == map.offset(piece) + map.length(piece)) {
            piece++;
        }
        return count;
    }

    private boolean isInHole() {
        return piece == map.count() || position < map.offset(piece);
    }

    private int readZeros(byte[] buffer, int offset, int length) {
        long holeEnd = piece == map.count() ? size : map.offset(piece);
        int count = (int) Math.min(length, holeEnd - position);
        Arrays.fill(buffer, offset, offset + count, (byte) 0);
        return count;
    }

    private int readPiece(byte[] buffer, int offset, int length) throws IOException {
        long pieceEnd = map.offset(piece) + map.length(piece);
        return stored.read(buffer, offset, (int) Math.min(length, pieceEnd - position));
    }
}
