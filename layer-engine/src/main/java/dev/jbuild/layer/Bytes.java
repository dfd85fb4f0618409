package dev.jbuild.layer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An unchangeable run of bytes: a file name, a link's target, an extended attribute's value.
 *
 * <p>File names are bytes to Linux. A Java string of them would depend on the JVM's encoding, under which two distinct
 * names can become one file.
 */
public final class Bytes implements Comparable<Bytes> {
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] bytes;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Bytes of(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Bytes(bytes.clone());
    }

    public static Bytes of(byte[] bytes, int from, int to) {
        return from == to ? EMPTY : new Bytes(Arrays.copyOfRange(bytes, from, to));
    }

    /** The UTF-8 form of a text. */
    public static Bytes of(String text) {
        return text.isEmpty() ? EMPTY : new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    public int length() {
        return bytes.length;
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }

    public byte at(int index) {
        return bytes[index];
    }

    public byte[] toArray() {
        return bytes.clone();
    }

    public boolean startsWith(Bytes prefix) {
        int length = prefix.bytes.length;
        return bytes.length >= length && Arrays.equals(bytes, 0, length, prefix.bytes, 0, length);
    }

    /** Whether a byte occurs anywhere. */
    public boolean contains(char ascii) {
        for (byte b : bytes) {
            if (b == ascii) {
                return true;
            }
        }
        return false;
    }

    /** Decoded as UTF-8, each malformed part as U+FFFD: for matching patterns and for keys, not for opening files. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** For people: control characters and malformed bytes escaped, so that a hostile name cannot steer a terminal. */
    @Override
    public String toString() {
        return Printable.of(bytes);
    }
}
