package dev.jbuild.linux;

import java.nio.ByteBuffer;

/** Whether somebody holds a lock of a file, asked without taking it (fcntl(2), F_OFD_GETLK): nobody finds it taken meanwhile. */
public final class LockState {
    private static final int F_OFD_GETLK = 36;
    private static final long F_WRLCK = 1;
    private static final short F_UNLCK = 2;

    private static final Calls CALLS = Calls.toThisKernel();

    private LockState() {}

    /** @param file open in any way */
    public static boolean isTaken(Fd file) throws LinuxException {
        try (Scratch scratch = Scratch.borrow()) {
            ByteBuffer flock = scratch.structure();
            flock.putLong(0, F_WRLCK).putLong(8, 0).putLong(16, 0).putLong(24, 0);
            CALLS.of(scratch, Syscall.FCNTL, file, F_OFD_GETLK, scratch.structureAddress(), 0, 0);
            return flock.getShort(0) != F_UNLCK;
        }
    }
}
