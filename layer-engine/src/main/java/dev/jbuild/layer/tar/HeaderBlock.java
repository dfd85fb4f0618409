package dev.jbuild.layer.tar;

import dev.jbuild.layer.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One 512-byte tar header, read strictly (POSIX.1-1988 ustar, GNU tar's and star's variants, and the V7 form before them).
 */
final class HeaderBlock {
    private static final byte[] POSIX = "ustar\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GNU = "ustar  \0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STAR_TRAILER = "tar\0".getBytes(StandardCharsets.US_ASCII);

    private final byte[] block;

    HeaderBlock(byte[] block) throws TarSyntaxException {
        this.block = block;
        requireChecksum();
    }

    static boolean isZero(byte[] block) {
        return Arrays.equals(block, new byte[TarInput.BLOCK]);
    }

    char type() {
        return (char) (block[156] & 0xff);
    }

    /** The name with its ustar prefix, as bytes. */
    byte[] name() throws TarSyntaxException {
        byte[] name = text(0, 100);
        byte[] prefix = isPosix() ? text(345, prefixLength()) : new byte[0];
        if (prefix.length == 0) {
            return name;
        }
        if (block[263] != '0' || block[264] != '0') {
            throw new TarSyntaxException("a name prefix under an unknown ustar version");
        }
        byte[] joined = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
        joined[prefix.length] = '/';
        System.arraycopy(name, 0, joined, prefix.length + 1, name.length);
        return joined;
    }

    /** What to call the header, whatever else is wrong with it: the name that it has itself, without a prefix. */
    Bytes ownName() {
        return Bytes.of(text(0, 100));
    }

    byte[] linkName() {
        return text(157, 100);
    }

    int mode() throws TarSyntaxException {
        return (int) (number(100, 8, "mode") & 07777);
    }

    long uid() throws TarSyntaxException {
        return number(108, 8, "uid");
    }

    long gid() throws TarSyntaxException {
        return number(116, 8, "gid");
    }

    long size() throws TarSyntaxException {
        return number(124, 12, "size");
    }

    long mtime() throws TarSyntaxException {
        return number(136, 12, "mtime");
    }

    long devMajor() throws TarSyntaxException {
        return hasDeviceFields() ? number(329, 8, "devmajor") : 0;
    }

    long devMinor() throws TarSyntaxException {
        return hasDeviceFields() ? number(337, 8, "devminor") : 0;
    }

    boolean isGnu() {
        return Arrays.equals(block, 257, 265, GNU, 0, 8);
    }

    /** Whether a byte is set, as GNU's "more sparse blocks follow". */
    boolean flag(int offset) {
        return block[offset] != 0;
    }

    /** A numeric field of a GNU sparse header. */
    long sparseNumber(int offset) throws TarSyntaxException {
        return number(offset, 12, "sparse map");
    }

    private boolean isPosix() {
        return Arrays.equals(block, 257, 263, POSIX, 0, 6);
    }

    private boolean hasDeviceFields() {
        return isPosix() || isGnu();
    }

    /** star keeps times in the prefix's last 24 bytes. */
    private int prefixLength() {
        return Arrays.equals(block, 508, 512, STAR_TRAILER, 0, 4) ? 131 : 155;
    }

    private byte[] text(int offset, int length) {
        int end = offset;
        while (end < offset + length && block[end] != 0) {
            end++;
        }
        return Arrays.copyOfRange(block, offset, end);
    }

    private long number(int offset, int length, String field) throws TarSyntaxException {
        return TarNumbers.parse(block, offset, length, field);
    }

    /** The sum of all bytes with the checksum's own as spaces; old writers summed signed bytes. */
    private void requireChecksum() throws TarSyntaxException {
        int unsigned = 0;
        int signed = 0;
        for (int i = 0; i < TarInput.BLOCK; i++) {
            byte b = i >= 148 && i < 156 ? (byte) ' ' : block[i];
            unsigned += b & 0xff;
            signed += b;
        }
        long claimed = number(148, 8, "checksum");
        if (claimed != unsigned && claimed != signed) {
            throw new TarSyntaxException("a header's checksum is wrong: this is not a tar archive, or it is damaged");
        }
    }
}
