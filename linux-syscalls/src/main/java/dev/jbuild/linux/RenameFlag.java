package dev.jbuild.linux;

/** What renameat2(2) does with a target that exists. */
public enum RenameFlag {
    /** Fail with EEXIST. */
    NO_REPLACE(1),
    /** Swap the two in one step. */
    EXCHANGE(2);

    private final int bit;

    RenameFlag(int bit) {
        this.bit = bit;
    }

    static int bits(RenameFlag... flags) {
        int bits = 0;
        for (RenameFlag flag : flags) {
            bits |= flag.bit;
        }
        return bits;
    }
}
