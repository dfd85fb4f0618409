package dev.jbuild.runtime;

import java.nio.file.Files;
import java.nio.file.Path;

/** Which of the kernel's security modules can hold a process to a label (LSM). */
record SecurityModules(boolean apparmor, boolean selinux) {
    /** Looks at /proc and /sys. */
    static SecurityModules probe() {
        return new SecurityModules(
                Files.exists(Path.of("/proc/self/attr/apparmor/exec")),
                Files.exists(Path.of("/sys/fs/selinux/enforce")));
    }
}
