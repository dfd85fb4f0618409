package dev.jbuild.linux;

/** Whether somebody holds a lock of a file, asked without taking it (fcntl(2), F_OFD_GETLK): nobody finds it taken meanwhile. */
public final class LockState {
    private static final FileLocks LOCKS = new FileLocks(Calls.toThisKernel());

    private LockState() {}

    /** @param file open in any way */
    public static boolean isTaken(Fd file) throws LinuxException {
        return LOCKS.isTaken(file);
    }
}
