package dev.jbuild.runtime.confine;

import java.util.Optional;

/** The machines whose system calls this room knows. */
public enum Architecture {
    X86_64(0xc000_003e, 1),
    AARCH64(0xc000_00b7, 2);

    /** How seccomp names the calling convention (AUDIT_ARCH_*). */
    private final int auditArch;

    private final int column;

    Architecture(int auditArch, int column) {
        this.auditArch = auditArch;
        this.column = column;
    }

    /** The machine that Java calls so in its property {@code os.arch}. */
    public static Optional<Architecture> ofJavaName(String name) {
        return switch (name) {
            case "amd64", "x86_64" -> Optional.of(X86_64);
            case "aarch64" -> Optional.of(AARCH64);
            default -> Optional.empty();
        };
    }

    int auditArch() {
        return auditArch;
    }

    /** Where a line of the table has the numbers of this machine. */
    int column() {
        return column;
    }
}
