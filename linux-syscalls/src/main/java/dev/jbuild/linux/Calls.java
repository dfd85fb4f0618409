package dev.jbuild.linux;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Makes calls and turns the kernel's refusals into exceptions. */
final class Calls {
    private final Kernel kernel;

    /** To the kernel that this program runs on. */
    static Calls toThisKernel() {
        return new Calls(new Kernel(Architecture.ofThisMachine()));
    }

    private Calls(Kernel kernel) {
        this.kernel = kernel;
    }

    /** A call without arguments that cannot fail. */
    long value(Syscall call) {
        try (Scratch scratch = Scratch.borrow()) {
            return kernel.call(scratch, call, 0, 0, 0, 0, 0, 0);
        }
    }

    /** What the kernel returned, -1 included. */
    long result(Scratch scratch, Syscall call, long a, long b, long c, long d, long e) {
        long result;
        do {
            result = kernel.call(scratch, call, a, b, c, d, e, 0);
        } while (result == -1 && call != Syscall.CLOSE && scratch.errno() == Errno.EINTR);
        return result;
    }

    long make(Scratch scratch, Syscall call, String path, long a, long b, long c, long d, long e)
            throws LinuxException {
        long result = result(scratch, call, a, b, c, d, e);
        if (result == -1) {
            throw new LinuxException(call.call(), scratch.errno(), path);
        }
        return result;
    }

    /** A call of the form (descriptor, …). */
    long of(Scratch scratch, Syscall call, Fd file, long b, long c, long d, long e) throws LinuxException {
        long result = result(scratch, call, file.number(), b, c, d, e);
        check(scratch, call, result, file, new byte[0]);
        return result;
    }

    /** A call of the form (directory, name, …). */
    long at(Scratch scratch, Syscall call, Fd directory, byte[] name, long c, long d) throws LinuxException {
        long path = scratch.firstPath(name);
        long result = result(scratch, call, directory.number(), path, c, d, 0);
        check(scratch, call, result, directory, name);
        return result;
    }

    void check(Scratch scratch, Syscall call, long result, Fd directory, byte[] name) throws LinuxException {
        if (result == -1) {
            int errno = scratch.errno();
            throw new LinuxException(call.call(), errno, name.length == 0 ? directory.path() : directory.path(name));
        }
    }

    /**
     * Calls that take no descriptor reach an entry through proc's link to its directory, which the kernel follows to the
     * open directory itself, wherever that was moved (proc_pid_fd(5)).
     */
    static byte[] entryPath(Fd directory, byte[] name) {
        byte[] prefix = ("/proc/self/fd/" + directory.number() + "/").getBytes(StandardCharsets.US_ASCII);
        byte[] path = Arrays.copyOf(prefix, prefix.length + name.length);
        System.arraycopy(name, 0, path, prefix.length, name.length);
        return path;
    }

    static byte[] magicLink(Fd file) {
        return ("/proc/self/fd/" + file.number()).getBytes(StandardCharsets.US_ASCII);
    }
}
