package dev.jbuild.linux;

import java.nio.ByteBuffer;

/** Where on its disk a file system puts new files, as far as it can be told (ioctl_iflags(2)). */
public final class InodePlacement {
    // Of a long, although the kernel reads and writes an int (linux/fs.h); the same on both architectures.
    private static final long FS_IOC_GETFLAGS = 0x80086601L;
    private static final long FS_IOC_SETFLAGS = 0x40086602L;

    private static final int FS_TOPDIR_FL = 0x20000;

    private static final Calls CALLS = Calls.toThisKernel();

    private InodePlacement() {}

    /**
     * Tells that the subdirectories of a directory have nothing to do with each other (chattr(1), {@code +T}): ext4 then gives
     * each an own part of the disk.
     *
     * @param directory open for reading
     * @return false where the file system knows no such thing
     */
    public static boolean spreadSubdirectories(Fd directory) {
        try (Scratch scratch = Scratch.borrow()) {
            ByteBuffer flags = scratch.structure();
            flags.putLong(0, 0);
            if (call(scratch, directory, FS_IOC_GETFLAGS) == -1) {
                return false;
            }
            flags.putInt(0, flags.getInt(0) | FS_TOPDIR_FL);
            return call(scratch, directory, FS_IOC_SETFLAGS) != -1;
        }
    }

    private static long call(Scratch scratch, Fd directory, long request) {
        return CALLS.result(scratch, Syscall.IOCTL, directory.number(), request, scratch.structureAddress(), 0, 0);
    }
}
