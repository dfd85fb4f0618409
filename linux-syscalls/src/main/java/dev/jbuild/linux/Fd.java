package dev.jbuild.linux;

import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An open file descriptor that knows by what path it was reached, for error messages.
 *
 * <p>Once closed it refuses to be used: a descriptor's number is given again to the next file that is opened.
 */
public final class Fd implements Closeable {
    private static final int CLOSED = -1;

    private final Linux linux;
    private final AtomicInteger number;
    private final Name name;

    /** How a descriptor was reached; the directory's own name is kept, not its descriptor. */
    private record Name(@Nullable Name directory, byte[] bytes) {}

    /** Takes over a descriptor that was opened by a path of the host. */
    public static Fd ofPath(Linux linux, int number, byte[] path) {
        return new Fd(linux, number, new Name(null, path));
    }

    /** Takes over a descriptor that was opened relative to a directory. */
    public static Fd ofEntry(Linux linux, int number, Fd directory, byte[] name) {
        return new Fd(linux, number, new Name(directory.name, name));
    }

    private Fd(Linux linux, int number, Name name) {
        this.linux = linux;
        this.number = new AtomicInteger(number);
        this.name = name;
    }

    /** The number, for a system call made before this is closed. */
    public int number() {
        int open = number.get();
        if (open == CLOSED) {
            throw new IllegalStateException(path() + " is closed");
        }
        return open;
    }

    /** By what path this was reached, for people. */
    public String path() {
        StringBuilder path = new StringBuilder();
        appendTo(path, name);
        return path.toString();
    }

    /** The path of a directory entry, for people. */
    String path(byte[] entry) {
        return path() + "/" + shown(entry);
    }

    /** The same descriptor for somebody else, who closes it now; this one counts as closed. */
    public Fd take() {
        int open = number.getAndSet(CLOSED);
        if (open == CLOSED) {
            throw new IllegalStateException(path() + " is closed");
        }
        return new Fd(linux, open, name);
    }

    @Override
    public void close() {
        int open = number.getAndSet(CLOSED);
        if (open != CLOSED) {
            linux.close(open);
        }
    }

    @Override
    public String toString() {
        return path();
    }

    private static void appendTo(StringBuilder path, Name name) {
        var names = new ArrayDeque<byte[]>();
        for (Name at = name; at != null; at = at.directory()) {
            names.push(at.bytes());
        }
        for (byte[] part : names) {
            if (!path.isEmpty() && path.charAt(path.length() - 1) != '/') {
                path.append('/');
            }
            path.append(shown(part));
        }
    }

    /** Control characters of a hostile name must not reach a terminal. */
    static String shown(byte[] name) {
        String text = new String(name, StandardCharsets.UTF_8);
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> shown.appendCodePoint(isPlain(c) ? c : '?'));
        return shown.toString();
    }

    private static boolean isPlain(int character) {
        return !Character.isISOControl(character) && Character.getType(character) != Character.FORMAT;
    }
}
