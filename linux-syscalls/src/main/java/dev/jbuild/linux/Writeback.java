package dev.jbuild.linux;

/** When the kernel writes what a file holds to the disk: by itself it may wait for half a minute, and a sync then for all of it. */
public final class Writeback {
    /** SYNC_FILE_RANGE_WRITE (sync_file_range(2)). */
    private static final int WRITE = 2;

    private Writeback() {}

    /**
     * Has the kernel begin to write these bytes of the file, without waiting for their end. This is no sync: that is still
     * needed, and finds less to do.
     */
    public static void start(Fd file, long from, long length) throws LinuxException {
        try (Scratch scratch = Scratch.borrow()) {
            Calls.toThisKernel().of(scratch, Syscall.SYNC_FILE_RANGE, file, from, length, WRITE, 0);
        }
    }
}
