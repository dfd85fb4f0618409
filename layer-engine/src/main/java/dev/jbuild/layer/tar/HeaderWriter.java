package dev.jbuild.layer.tar;

import java.nio.charset.StandardCharsets;

/** Fills one ustar header block; what is not set stays zero. */
final class HeaderWriter {
    private static final int CHECKSUM = 148;
    private static final byte[] MAGIC = "ustar\00000".getBytes(StandardCharsets.US_ASCII);

    private final byte[] block = new byte[TarInput.BLOCK];

    HeaderWriter() {
        System.arraycopy(MAGIC, 0, block, 257, MAGIC.length);
    }

    /** The first bytes of a value that may be longer than its field. */
    void text(int offset, int length, byte[] value) {
        System.arraycopy(value, 0, block, offset, Math.min(length, value.length));
    }

    /** Leading zeros and a NUL at the end. */
    void octal(int offset, int length, long value) {
        long rest = value;
        for (int i = offset + length - 2; i >= offset; i--) {
            block[i] = (byte) ('0' + (rest & 7));
            rest >>>= 3;
        }
    }

    void type(char flag) {
        block[156] = (byte) flag;
    }

    /** Adds the checksum: the sum of all bytes with its own eight as spaces, then six digits, a NUL and a space. */
    byte[] finish() {
        int sum = 8 * ' ';
        for (byte b : block) {
            sum += b & 0xff;
        }
        octal(CHECKSUM, 7, sum);
        block[CHECKSUM + 7] = ' ';
        return block;
    }
}
