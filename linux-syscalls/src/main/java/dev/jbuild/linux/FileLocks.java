package dev.jbuild.linux;

import java.nio.ByteBuffer;

/** Locks of open file descriptions (fcntl(2), F_OFD_SETLK): the kernel releases them with the last descriptor, so with the process. */
final class FileLocks {
    private static final int F_OFD_GETLK = 36;
    private static final int F_OFD_SETLK = 37;
    private static final int F_OFD_SETLKW = 38;
    private static final short F_UNLCK = 2;

    private final Calls calls;

    FileLocks(Calls calls) {
        this.calls = calls;
    }

    /** False when another has a lock that does not go with this one. */
    boolean tryTake(Fd file, LockMode mode) throws LinuxException {
        try {
            set(file, F_OFD_SETLK, mode.type());
            return true;
        } catch (LinuxException e) {
            if (e.errno() == Errno.EAGAIN || e.errno() == Errno.EACCES) {
                return false;
            }
            throw e;
        }
    }

    void take(Fd file, LockMode mode) throws LinuxException {
        set(file, F_OFD_SETLKW, mode.type());
    }

    void release(Fd file) throws LinuxException {
        set(file, F_OFD_SETLK, F_UNLCK);
    }

    /** Whether another has a lock; nothing is taken. */
    boolean isTaken(Fd file) throws LinuxException {
        try (Scratch scratch = Scratch.borrow()) {
            ask(scratch, file, F_OFD_GETLK, LockMode.EXCLUSIVE.type());
            return scratch.structure().getShort(0) != F_UNLCK;
        }
    }

    private void set(Fd file, int command, long type) throws LinuxException {
        try (Scratch scratch = Scratch.borrow()) {
            ask(scratch, file, command, type);
        }
    }

    /** struct flock of the whole file: type (whence beside it is zero), start, length, and the zero pid that OFD locks ask for. */
    private void ask(Scratch scratch, Fd file, int command, long type) throws LinuxException {
        ByteBuffer flock = scratch.structure();
        flock.putLong(0, type).putLong(8, 0).putLong(16, 0).putLong(24, 0);
        calls.of(scratch, Syscall.FCNTL, file, command, scratch.structureAddress(), 0, 0);
    }
}
