package dev.jbuild.linux;

import java.nio.charset.StandardCharsets;

/** Files without a place (memfd_create(2)). */
final class MemoryFile {
    private static final int MFD_CLOEXEC = 1;

    /** Since Linux 6.3: without it such a file may get no right to be executed (vm.memfd_noexec). */
    private static final int MFD_EXEC = 0x10;

    private static final Calls CALLS = Calls.toThisKernel();

    private MemoryFile() {}

    /** An empty one that may be executed; its name is for people only. */
    static Fd create(String name) throws LinuxException {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        try (Scratch scratch = Scratch.borrow()) {
            long text = scratch.firstPath(bytes);
            long number = CALLS.result(scratch, Syscall.MEMFD_CREATE, text, MFD_CLOEXEC | MFD_EXEC, 0, 0, 0);
            if (number == -1 && scratch.errno() == Errno.EINVAL) {
                number = CALLS.result(scratch, Syscall.MEMFD_CREATE, text, MFD_CLOEXEC, 0, 0, 0);
            }
            if (number == -1) {
                throw new LinuxException(Syscall.MEMFD_CREATE.call(), scratch.errno(), name);
            }
            return Fd.ofPath(Linux.system(), (int) number, bytes);
        }
    }
}
