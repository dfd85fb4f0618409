package dev.jbuild.linux;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The xattr calls. They take no directory descriptor, so they go through {@code /proc/self/fd}; none follows a last link. */
final class ExtendedAttributes {
    /** XATTR_LIST_MAX and XATTR_SIZE_MAX (linux/limits.h). */
    private static final int MAX_BYTES = 65536;

    private static final byte[] NO_NAME = {};

    private final Calls calls;

    ExtendedAttributes(Calls calls) {
        this.calls = calls;
    }

    List<String> list(Fd directory, byte[] name) throws LinuxException {
        byte[] path = Calls.entryPath(directory, name);
        try (Scratch scratch = Scratch.borrow();
                IoBuffer names = IoBuffer.borrow()) {
            long at = scratch.firstPath(path);
            long length = calls.result(scratch, Syscall.LLISTXATTR, at, names.address(), MAX_BYTES, 0, 0);
            if (length == -1 && scratch.errno() == Errno.EOPNOTSUPP) {
                return List.of();
            }
            calls.check(scratch, Syscall.LLISTXATTR, length, directory, name);
            return length == 0 ? List.of() : split(names.toArray((int) length));
        }
    }

    Optional<byte[]> read(Fd directory, byte[] name, String attribute) throws LinuxException {
        byte[] path = Calls.entryPath(directory, name);
        try (Scratch scratch = Scratch.borrow();
                IoBuffer value = IoBuffer.borrow()) {
            long at = scratch.firstPath(path);
            long key = scratch.secondPath(utf8(attribute));
            long length = calls.result(scratch, Syscall.LGETXATTR, at, key, value.address(), MAX_BYTES, 0);
            if (length == -1 && (scratch.errno() == Errno.ENODATA || scratch.errno() == Errno.EOPNOTSUPP)) {
                return Optional.empty();
            }
            calls.check(scratch, Syscall.LGETXATTR, length, directory, name);
            return Optional.of(value.toArray((int) length));
        }
    }

    void write(Fd directory, byte[] name, String attribute, byte[] value) throws LinuxException {
        byte[] path = Calls.entryPath(directory, name);
        if (value.length > MAX_BYTES) {
            throw new LinuxException(Syscall.LSETXATTR.call(), Errno.ERANGE, directory.path(name));
        }
        try (Scratch scratch = Scratch.borrow();
                IoBuffer bytes = IoBuffer.borrow()) {
            bytes.put(value, 0, value.length);
            long at = scratch.firstPath(path);
            long key = scratch.secondPath(utf8(attribute));
            long result = calls.result(scratch, Syscall.LSETXATTR, at, key, bytes.address(), value.length, 0);
            calls.check(scratch, Syscall.LSETXATTR, result, directory, name);
        }
    }

    void remove(Fd directory, byte[] name, String attribute) throws LinuxException {
        byte[] path = Calls.entryPath(directory, name);
        try (Scratch scratch = Scratch.borrow()) {
            long at = scratch.firstPath(path);
            long key = scratch.secondPath(utf8(attribute));
            long result = calls.result(scratch, Syscall.LREMOVEXATTR, at, key, 0, 0, 0);
            calls.check(scratch, Syscall.LREMOVEXATTR, result, directory, name);
        }
    }

    /** Of an open file, one that is open as a place only included. */
    Optional<byte[]> read(Fd file, String attribute) throws LinuxException {
        try (Scratch scratch = Scratch.borrow();
                IoBuffer value = IoBuffer.borrow()) {
            long at = scratch.firstPath(Calls.magicLink(file));
            long key = scratch.secondPath(utf8(attribute));
            long length = calls.result(scratch, Syscall.GETXATTR, at, key, value.address(), MAX_BYTES, 0);
            if (length == -1 && (scratch.errno() == Errno.ENODATA || scratch.errno() == Errno.EOPNOTSUPP)) {
                return Optional.empty();
            }
            calls.check(scratch, Syscall.GETXATTR, length, file, NO_NAME);
            return Optional.of(value.toArray((int) length));
        }
    }

    void write(Fd file, String attribute, byte[] value) throws LinuxException {
        try (Scratch scratch = Scratch.borrow();
                IoBuffer bytes = IoBuffer.borrow()) {
            bytes.put(value, 0, value.length);
            long at = scratch.firstPath(Calls.magicLink(file));
            long key = scratch.secondPath(utf8(attribute));
            long result = calls.result(scratch, Syscall.SETXATTR, at, key, bytes.address(), value.length, 0);
            calls.check(scratch, Syscall.SETXATTR, result, file, NO_NAME);
        }
    }

    void remove(Fd file, String attribute) throws LinuxException {
        try (Scratch scratch = Scratch.borrow()) {
            long at = scratch.firstPath(Calls.magicLink(file));
            long key = scratch.secondPath(utf8(attribute));
            long result = calls.result(scratch, Syscall.REMOVEXATTR, at, key, 0, 0, 0);
            calls.check(scratch, Syscall.REMOVEXATTR, result, file, NO_NAME);
        }
    }

    /** The kernel ends each name with a NUL. */
    private static List<String> split(byte[] names) {
        List<String> split = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < names.length; i++) {
            if (names[i] == 0) {
                split.add(new String(names, start, i - start, StandardCharsets.UTF_8));
                start = i + 1;
            }
        }
        return split;
    }

    private static byte[] utf8(String attribute) {
        return attribute.getBytes(StandardCharsets.UTF_8);
    }
}
