package dev.jbuild.linux;

/** When the kernel writes what a file holds to the disk: by itself it may wait for half a minute, and a sync then for all of it. */
public final class Writeback {
    /** SYNC_FILE_RANGE_WRITE (sync_file_range(2)). */
    private static final int WRITE = 2;

    private static final Calls CALLS = Calls.toThisKernel();

    private Writeback() {}

    /**
     * Asks the kernel to begin to write these bytes of the file, without waiting for their end. This is no sync: that is still
     * needed, finds less to do, and tells what went wrong here.
     *
     * @return whether the kernel takes such advice
     */
    public static boolean start(Fd file, long from, long length) {
        try (Scratch scratch = Scratch.borrow()) {
            return CALLS.result(scratch, Syscall.SYNC_FILE_RANGE, file.number(), from, length, WRITE, 0) != -1;
        }
    }
}
