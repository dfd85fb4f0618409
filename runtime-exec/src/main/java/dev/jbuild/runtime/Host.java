package dev.jbuild.runtime;

import dev.jbuild.runtime.confine.Architecture;
import dev.jbuild.runtime.confine.BpfCompiler;
import dev.jbuild.runtime.confine.Capability;
import dev.jbuild.runtime.confine.DefaultProfile;
import dev.jbuild.runtime.confine.SeccompProfile;
import dev.jbuild.runtime.confine.SyscallTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * This machine as the steps of a build need to know it: looked at once.
 *
 * @param profile the standard one
 * @param seccomp the same, compiled
 * @param resolvConf the host's
 */
record Host(Machine machine, Architecture architecture, SeccompProfile profile, byte[] seccomp, ResolvConf resolvConf) {
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");

    static Host probe() throws IOException {
        String name = System.getProperty("os.arch");
        Architecture architecture = Architecture.ofJavaName(name)
                .orElseThrow(() -> new RuntimeUnavailableException(
                        "the system calls of " + name + " are not known", "build on x86-64 or aarch64"));
        SyscallTable table = SyscallTable.of(architecture);
        SeccompProfile profile = DefaultProfile.of(table, Capability.STANDARD);
        return new Host(Machine.probe(), architecture, profile, BpfCompiler.compile(profile, table), readResolvConf());
    }

    private static ResolvConf readResolvConf() throws IOException {
        return ResolvConf.parse(Files.exists(RESOLV_CONF) ? Files.readString(RESOLV_CONF) : "");
    }
}
