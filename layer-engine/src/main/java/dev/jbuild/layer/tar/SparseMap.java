package dev.jbuild.layer.tar;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Where the stored pieces of a sparse file lie in it; all else is zeros. The map is checked against what the archive
 * holds, never believed: the count against {@link #MAX_PIECES}, each piece against its neighbour and the file's size, the
 * sum against the stored bytes (CVE-2025-58183's class).
 */
final class SparseMap {
    /** The most pieces of one file: 16 bytes of memory each. */
    static final int MAX_PIECES = 1 << 18;

    private static final int PIECES_IN_HEADER = 4;
    private static final int PIECES_IN_EXTENSION = 21;
    private static final int PIECE_BYTES = 24;

    private long[] offsets = new long[16];
    private long[] lengths = new long[16];
    private int count;
    private long end;
    private long stored;

    /** GNU tar's old form: four pieces in the header, then blocks of 21 each. */
    static SparseMap ofGnuHeader(HeaderBlock header, TarInput in) throws IOException {
        SparseMap map = new SparseMap();
        map.addGnu(header, 386, PIECES_IN_HEADER);
        boolean more = header.flag(482);
        byte[] block = new byte[TarInput.BLOCK];
        while (more) {
            in.requireBlock(block);
            map.addExtension(block);
            more = block[504] != 0;
        }
        return map;
    }

    /** PAX form 1.0: decimal lines at the start of the content, padded to a block. Returns the map; see {@link #read}. */
    static SparseMap ofContent(InputStream content) throws IOException {
        SparseMap map = new SparseMap();
        DecimalLines lines = new DecimalLines(content);
        long pieces = lines.next();
        if (pieces > MAX_PIECES) {
            throw tooMany();
        }
        for (long i = 0; i < pieces; i++) {
            map.add(lines.next(), lines.next());
        }
        map.read = lines.read;
        return map;
    }

    private long read;

    /** How many bytes of content the map itself took. */
    long read() {
        return read;
    }

    int count() {
        return count;
    }

    long offset(int index) {
        return offsets[index];
    }

    long length(int index) {
        return lengths[index];
    }

    /** The pieces must lie in the file and be exactly what is stored. */
    void requireFits(long realSize, long storedSize) throws TarSyntaxException {
        if (end > realSize || stored != storedSize) {
            throw new TarSyntaxException("a sparse map does not fit its file");
        }
    }

    private void addExtension(byte[] block) throws TarSyntaxException {
        for (int i = 0; i < PIECES_IN_EXTENSION; i++) {
            int at = i * PIECE_BYTES;
            add(TarNumbers.parse(block, at, 12, "sparse map"), TarNumbers.parse(block, at + 12, 12, "sparse map"));
        }
    }

    private void addGnu(HeaderBlock header, int offset, int pieces) throws TarSyntaxException {
        for (int i = 0; i < pieces; i++) {
            int at = offset + i * PIECE_BYTES;
            add(header.sparseNumber(at), header.sparseNumber(at + 12));
        }
    }

    /** An empty piece says nothing but where a file ends in a hole. */
    private void add(long offset, long length) throws TarSyntaxException {
        if (offset < 0 || length < 0 || offset > Long.MAX_VALUE - length) {
            throw new TarSyntaxException("a sparse map holds a number out of range");
        }
        if (length == 0) {
            return;
        }
        if (offset < end) {
            throw new TarSyntaxException("the pieces of a sparse map overlap or are out of order");
        }
        if (count == MAX_PIECES) {
            throw tooMany();
        }
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, count * 2);
            lengths = Arrays.copyOf(lengths, count * 2);
        }
        offsets[count] = offset;
        lengths[count++] = length;
        end = offset + length;
        stored += length;
    }

    private static TarSyntaxException tooMany() {
        return new TarSyntaxException("a sparse map of more than " + MAX_PIECES + " pieces");
    }

    /** Numbers, one a line, read block by block. */
    private static final class DecimalLines {
        private final InputStream content;
        private final byte[] block = new byte[TarInput.BLOCK];
        private int at = TarInput.BLOCK;
        private long read;

        DecimalLines(InputStream content) {
            this.content = content;
        }

        long next() throws IOException {
            byte[] digits = new byte[20];
            int length = 0;
            for (byte b = nextByte(); b != '\n'; b = nextByte()) {
                if (length == digits.length) {
                    throw new TarSyntaxException("a sparse map holds a number out of range");
                }
                digits[length++] = b;
            }
            return TarNumbers.decimal(new String(digits, 0, length, StandardCharsets.ISO_8859_1), "a sparse map");
        }

        private byte nextByte() throws IOException {
            if (at == TarInput.BLOCK) {
                if (content.readNBytes(block, 0, TarInput.BLOCK) != TarInput.BLOCK) {
                    throw new TarSyntaxException("a sparse map is longer than its entry");
                }
                read += TarInput.BLOCK;
                at = 0;
            }
            return block[at++];
        }
    }
}
