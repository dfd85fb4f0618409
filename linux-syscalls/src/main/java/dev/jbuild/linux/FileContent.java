package dev.jbuild.linux;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads and writes what files and directories hold. */
final class FileContent {
    private static final int NAME_OFFSET = 19;

    private final Calls calls;

    FileContent(Calls calls) {
        this.calls = calls;
    }

    int read(Fd file, byte[] into, int offset, int length) throws LinuxException {
        if (length == 0) {
            return 0;
        }
        try (Scratch scratch = Scratch.borrow();
                IoBuffer buffer = IoBuffer.borrow()) {
            int wanted = Math.min(length, IoBuffer.BYTES);
            int count = (int) calls.of(scratch, Syscall.READ, file, buffer.address(), wanted, 0, 0);
            buffer.get(into, offset, count);
            return count == 0 ? -1 : count;
        }
    }

    void write(Fd file, byte[] from, int offset, int length) throws LinuxException {
        try (Scratch scratch = Scratch.borrow();
                IoBuffer buffer = IoBuffer.borrow()) {
            for (int done = 0; done < length; ) {
                int part = Math.min(length - done, IoBuffer.BYTES);
                buffer.put(from, offset + done, part);
                done += (int) calls.of(scratch, Syscall.WRITE, file, buffer.address(), part, 0, 0);
            }
        }
    }

    void writeAt(Fd file, long position, byte[] from, int offset, int length) throws LinuxException {
        try (Scratch scratch = Scratch.borrow();
                IoBuffer buffer = IoBuffer.borrow()) {
            for (int done = 0; done < length; ) {
                int part = Math.min(length - done, IoBuffer.BYTES);
                buffer.put(from, offset + done, part);
                done += (int) calls.of(scratch, Syscall.PWRITE64, file, buffer.address(), part, position + done, 0);
            }
        }
    }

    List<byte[]> list(Fd directory) throws LinuxException {
        List<byte[]> names = new ArrayList<>();
        try (Scratch scratch = Scratch.borrow();
                IoBuffer buffer = IoBuffer.borrow()) {
            while (true) {
                int length =
                        (int) calls.of(scratch, Syscall.GETDENTS64, directory, buffer.address(), IoBuffer.BYTES, 0, 0);
                if (length == 0) {
                    return names;
                }
                addNames(buffer.memory(), length, names);
            }
        }
    }

    /** struct linux_dirent64 (getdents(2)): its length at 16, its name from 19 to a NUL. */
    private static void addNames(ByteBuffer entries, int length, List<byte[]> names) {
        for (int at = 0; at < length; ) {
            int next = at + (entries.getShort(at + 16) & 0xffff);
            int end = at + NAME_OFFSET;
            while (entries.get(end) != 0) {
                end++;
            }
            byte[] name = new byte[end - at - NAME_OFFSET];
            entries.get(at + NAME_OFFSET, name);
            if (!isSelfOrParent(name)) {
                names.add(name);
            }
            at = next;
        }
    }

    private static boolean isSelfOrParent(byte[] name) {
        return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
    }
}
