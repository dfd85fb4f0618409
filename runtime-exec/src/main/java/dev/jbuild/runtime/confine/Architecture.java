package dev.jbuild.runtime.confine;

import java.util.Optional;

/** The machines whose system calls this room knows. */
public enum Architecture {
    X86_64(0xc000_003e, 1, "amd64"),
    AARCH64(0xc000_00b7, 2, "arm64");

    /** How seccomp names the calling convention (AUDIT_ARCH_*). */
    private final int auditArch;

    private final int column;
    private final String goName;

    Architecture(int auditArch, int column, String goName) {
        this.auditArch = auditArch;
        this.column = column;
        this.goName = goName;
    }

    /** The machine that Java calls so in its property {@code os.arch}. */
    public static Optional<Architecture> ofJavaName(String name) {
        return switch (name) {
            case "amd64", "x86_64" -> Optional.of(X86_64);
            case "aarch64" -> Optional.of(AARCH64);
            default -> Optional.empty();
        };
    }

    /** What Go, and so Docker's profiles, call this machine. */
    String goName() {
        return goName;
    }

    int auditArch() {
        return auditArch;
    }

    /** Where a line of the table has the numbers of this machine. */
    int column() {
        return column;
    }
}
