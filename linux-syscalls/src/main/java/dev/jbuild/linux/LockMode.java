package dev.jbuild.linux;

/** Who else may hold a lock on the same file at the same time. */
public enum LockMode {
    /** Other holders of a shared lock. */
    SHARED(0),
    /** Nobody. */
    EXCLUSIVE(1);

    private final int type;

    LockMode(int type) {
        this.type = type;
    }

    /** F_RDLCK or F_WRLCK (fcntl.h). */
    long type() {
        return type;
    }
}
