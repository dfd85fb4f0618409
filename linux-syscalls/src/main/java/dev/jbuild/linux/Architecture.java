package dev.jbuild.linux;

/** The processors whose system call numbers are known here. */
enum Architecture {
    X64,
    AARCH64;

    static Architecture ofThisMachine() {
        return of(System.getProperty("os.arch", ""));
    }

    private static Architecture of(String osArch) {
        return switch (osArch) {
            case "amd64", "x86_64" -> X64;
            case "aarch64" -> AARCH64;
            default ->
                throw new UnsupportedOperationException(
                        "jbuild knows the system calls of x86-64 and AArch64, not of " + osArch);
        };
    }
}
