package dev.jbuild.linux;

import java.util.Locale;

/** The calls made, with their numbers on x86-64 and AArch64 (Linux, include/uapi/asm-generic/unistd.h and syscall_64.tbl). */
enum Syscall {
    READ(0, 63),
    WRITE(1, 64),
    CLOSE(3, 57),
    LSEEK(8, 62),
    IOCTL(16, 29),
    PREAD64(17, 67),
    PWRITE64(18, 68),
    SENDFILE(40, 71),
    SENDMSG(46, 211),
    FCNTL(72, 25),
    FSYNC(74, 82),
    FTRUNCATE(77, 46),
    FCHMOD(91, 52),
    FCHOWN(93, 55),
    GETEUID(107, 175),
    GETEGID(108, 177),
    FSTATFS(138, 44),
    SETXATTR(188, 5),
    LSETXATTR(189, 6),
    GETXATTR(191, 8),
    LGETXATTR(192, 9),
    LLISTXATTR(195, 12),
    REMOVEXATTR(197, 14),
    LREMOVEXATTR(198, 15),
    GETDENTS64(217, 61),
    OPENAT(257, 56),
    MKDIRAT(258, 34),
    MKNODAT(259, 33),
    FCHOWNAT(260, 54),
    UNLINKAT(263, 35),
    LINKAT(265, 37),
    SYMLINKAT(266, 36),
    READLINKAT(267, 78),
    FCHMODAT(268, 53),
    SYNC_FILE_RANGE(277, 84),
    UTIMENSAT(280, 88),
    PIPE2(293, 59),
    SYNCFS(306, 267),
    RENAMEAT2(316, 276),
    MEMFD_CREATE(319, 279),
    COPY_FILE_RANGE(326, 285),
    STATX(332, 291),
    OPENAT2(437, 437);

    private final int x64;
    private final int aarch64;

    Syscall(int x64, int aarch64) {
        this.x64 = x64;
        this.aarch64 = aarch64;
    }

    long number(Architecture architecture) {
        return architecture == Architecture.X64 ? x64 : aarch64;
    }

    /** The name as the manual pages spell it. */
    String call() {
        return name().toLowerCase(Locale.ROOT);
    }
}
