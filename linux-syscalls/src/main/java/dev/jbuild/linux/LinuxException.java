package dev.jbuild.linux;

import java.io.IOException;

/** The kernel refused a call: which one, on what, and why. */
public final class LinuxException extends IOException {
    private static final long serialVersionUID = 1;

    private final String call;
    private final int errno;
    private final String path;

    /**
     * @param call the system call, as {@code openat}
     * @param path what it was asked to act on, for people
     */
    public LinuxException(String call, int errno, String path) {
        super(path + ": " + Errno.meaning(errno) + " (" + call + ": " + Errno.name(errno) + ")");
        this.call = call;
        this.errno = errno;
        this.path = path;
    }

    public String call() {
        return call;
    }

    public int errno() {
        return errno;
    }

    public String errnoName() {
        return Errno.name(errno);
    }

    /** What the error number means, in words. */
    public String meaning() {
        return Errno.meaning(errno);
    }

    public String path() {
        return path;
    }
}
