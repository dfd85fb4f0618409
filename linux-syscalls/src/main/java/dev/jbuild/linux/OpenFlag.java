package dev.jbuild.linux;

/** How to open a file (open(2)). Close-on-exec and no-controlling-terminal are always set. */
public enum OpenFlag {
    READ(0, 0),
    WRITE(1, 1),
    READ_WRITE(2, 2),
    CREATE(0100, 0100),
    EXCLUSIVE(0200, 0200),
    TRUNCATE(01000, 01000),
    APPEND(02000, 02000),
    /** Never wait for the other end of a FIFO or for a device. */
    NON_BLOCK(04000, 04000),
    DIRECTORY(0200000, 040000),
    NO_FOLLOW(0400000, 0100000),
    /** A handle to the place only: opens anything without touching it. */
    PATH(010000000, 010000000),
    /** An unnamed file in the directory given. */
    TEMPORARY(020200000, 020040000);

    /** O_CLOEXEC | O_NOCTTY, the same on both architectures. */
    private static final int ALWAYS = 02000000 | 0400;

    private final int x64;
    private final int aarch64;

    OpenFlag(int x64, int aarch64) {
        this.x64 = x64;
        this.aarch64 = aarch64;
    }

    static int bits(Architecture architecture, OpenFlag... flags) {
        int bits = ALWAYS;
        for (OpenFlag flag : flags) {
            bits |= architecture == Architecture.X64 ? flag.x64 : flag.aarch64;
        }
        // openat2 refuses what open ignores: O_PATH goes only with O_DIRECTORY, O_NOFOLLOW and O_CLOEXEC.
        return (bits & PATH.x64) == 0 ? bits : bits & ~0400;
    }
}
