package dev.jbuild.layer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A path below the root of a layer or tree, as bytes: relative, separated by {@code /}, without empty, {@code .} or
 * {@code ..} components. The empty path is the root itself.
 *
 * <p>The order is that of a walk through sorted directories: component by component, each by its unsigned bytes. A parent
 * thus comes before its children, and nothing comes between a directory and what it holds.
 */
public final class EntryPath implements Comparable<EntryPath> {
    public static final EntryPath ROOT = new EntryPath(new byte[0]);

    private final byte[] bytes;

    private EntryPath(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A path that is already in its one form; anything else is an {@link IllegalArgumentException}. */
    public static EntryPath of(byte[] path) {
        EntryPath cleaned = cleaned(path);
        if (cleaned.bytes.length != path.length) {
            throw new IllegalArgumentException("not a relative path in its shortest form: " + Printable.of(path));
        }
        return cleaned;
    }

    /** As {@link #of(byte[])}, from text by its UTF-8 form. */
    public static EntryPath of(String path) {
        return of(path.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A path as archives and Dockerfiles spell it: leading, trailing and doubled slashes and {@code .} components are
     * dropped, so that {@code /x} lies below the root. A {@code ..} or a NUL is an {@link IllegalArgumentException}:
     * taking it lexically has been a hole in most extractors.
     */
    public static EntryPath cleaned(byte[] path) {
        byte[] kept = new byte[path.length];
        int length = 0;
        for (int start = 0; start <= path.length; ) {
            int end = indexOfSlash(path, start);
            if (isName(path, start, end)) {
                if (length > 0) {
                    kept[length++] = '/';
                }
                System.arraycopy(path, start, kept, length, end - start);
                length += end - start;
            }
            start = end + 1;
        }
        return length == 0 ? ROOT : new EntryPath(Arrays.copyOf(kept, length));
    }

    public boolean isRoot() {
        return bytes.length == 0;
    }

    /** The directory that holds this entry; the root is its own parent, as in every Unix file system. */
    public EntryPath parent() {
        int slash = lastSlash();
        return slash < 0 ? ROOT : new EntryPath(Arrays.copyOf(bytes, slash));
    }

    /** The last component; empty for the root. */
    public Bytes name() {
        return Bytes.of(bytes, lastSlash() + 1, bytes.length);
    }

    /** This directory's entry of that name, which must be one component. */
    public EntryPath resolve(Bytes name) {
        byte[] component = name.toArray();
        if (indexOfSlash(component, 0) != component.length || !isName(component, 0, component.length)) {
            throw new IllegalArgumentException("not a file name: \"" + name + "\"");
        }
        return join(component);
    }

    public EntryPath resolve(EntryPath below) {
        return below.isRoot() ? this : join(below.bytes);
    }

    /** As {@link #resolve(EntryPath)} of {@link #of(String)}. */
    public EntryPath resolve(String below) {
        return resolve(of(below));
    }

    public List<Bytes> components() {
        List<Bytes> components = new ArrayList<>();
        for (int start = 0; start < bytes.length; ) {
            int end = indexOfSlash(bytes, start);
            components.add(Bytes.of(bytes, start, end));
            start = end + 1;
        }
        return components;
    }

    /** Whether this is that directory or lies below it. */
    public boolean startsWith(EntryPath directory) {
        int length = directory.bytes.length;
        return length == 0
                || (bytes.length >= length
                        && Arrays.equals(bytes, 0, length, directory.bytes, 0, length)
                        && (bytes.length == length || bytes[length] == '/'));
    }

    /** The part below that directory, which this path must start with. */
    public EntryPath relativeTo(EntryPath directory) {
        if (!startsWith(directory)) {
            throw new IllegalArgumentException(this + " is not below " + directory);
        }
        int from = directory.isRoot() ? 0 : Math.min(directory.bytes.length + 1, bytes.length);
        return from == bytes.length ? ROOT : new EntryPath(Arrays.copyOfRange(bytes, from, bytes.length));
    }

    public int length() {
        return bytes.length;
    }

    public byte[] toArray() {
        return bytes.clone();
    }

    /** Decoded as UTF-8, each malformed part as U+FFFD: for matching patterns, not for opening files. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public int compareTo(EntryPath other) {
        int mismatch = Arrays.mismatch(bytes, other.bytes);
        if (mismatch < 0) {
            return 0;
        }
        return Integer.compare(weight(mismatch), other.weight(mismatch));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EntryPath that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** For people: control characters and malformed bytes are escaped; the root is shown as {@code .}. */
    @Override
    public String toString() {
        return isRoot() ? "." : Printable.of(bytes);
    }

    private EntryPath join(byte[] below) {
        if (isRoot()) {
            return new EntryPath(below);
        }
        byte[] joined = Arrays.copyOf(bytes, bytes.length + 1 + below.length);
        joined[bytes.length] = '/';
        System.arraycopy(below, 0, joined, bytes.length + 1, below.length);
        return new EntryPath(joined);
    }

    /** The end of the path sorts first, then the separator, then every byte of a name. */
    private int weight(int index) {
        if (index == bytes.length) {
            return -2;
        }
        return bytes[index] == '/' ? -1 : bytes[index] & 0xff;
    }

    private int lastSlash() {
        int at = bytes.length - 1;
        while (at >= 0 && bytes[at] != '/') {
            at--;
        }
        return at;
    }

    private static int indexOfSlash(byte[] path, int from) {
        int at = from;
        while (at < path.length && path[at] != '/') {
            at++;
        }
        return at;
    }

    /** False for the components that say nothing; {@code ..} and NUL are refused. */
    private static boolean isName(byte[] path, int start, int end) {
        int length = end - start;
        for (int i = start; i < end; i++) {
            if (path[i] == 0) {
                throw new IllegalArgumentException("a path holds a NUL: " + Printable.of(path));
            }
        }
        if (length == 2 && path[start] == '.' && path[start + 1] == '.') {
            throw new IllegalArgumentException("a path holds \"..\": " + Printable.of(path));
        }
        return length > 1 || (length == 1 && path[start] != '.');
    }
}
