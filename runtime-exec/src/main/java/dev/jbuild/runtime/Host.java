package dev.jbuild.runtime;

import dev.jbuild.runtime.StepSecurity.Filter;
import dev.jbuild.runtime.confine.Architecture;
import dev.jbuild.runtime.confine.BpfCompiler;
import dev.jbuild.runtime.confine.Capability;
import dev.jbuild.runtime.confine.DefaultProfile;
import dev.jbuild.runtime.confine.ProfileDocument;
import dev.jbuild.runtime.confine.SeccompProfile;
import dev.jbuild.runtime.confine.SyscallTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * This machine as the steps of a build need to know it: looked at once.
 *
 * @param kernel as in {@code uname -r}
 * @param standard the standard profile for the standard capabilities
 * @param seccomp the same, compiled
 * @param resolvConf the host's
 */
record Host(
        Machine machine,
        Architecture architecture,
        String kernel,
        SeccompProfile standard,
        byte[] seccomp,
        ResolvConf resolvConf) {
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    private static final byte[] NO_FILTER = {};

    static Host probe() throws IOException {
        String name = System.getProperty("os.arch");
        Architecture architecture = Architecture.ofJavaName(name)
                .orElseThrow(() -> new RuntimeUnavailableException(
                        "the system calls of " + name + " are not known", "build on x86-64 or aarch64"));
        SyscallTable table = SyscallTable.of(architecture);
        SeccompProfile profile = DefaultProfile.of(table, Capability.STANDARD);
        return new Host(
                Machine.probe(),
                architecture,
                System.getProperty("os.version"),
                profile,
                BpfCompiler.compile(profile, table),
                readResolvConf());
    }

    /** The profile that a step is held to; empty when it may make all calls. */
    Optional<SeccompProfile> profile(StepSecurity security) {
        return switch (security.filter()) {
            case Filter.Standard() -> Optional.of(isStandard(security) ? standard : ofCapabilities(security));
            case Filter.Custom(var document) ->
                Optional.of(
                        document.resolve(new ProfileDocument.Situation(architecture, security.capabilities(), kernel)));
            case Filter.None() -> Optional.empty();
        };
    }

    /** The same as a program for the kernel; empty for none. */
    byte[] filter(StepSecurity security) {
        if (isStandard(security)) {
            return seccomp;
        }
        return profile(security)
                .map(profile -> BpfCompiler.compile(profile, SyscallTable.of(architecture)))
                .orElse(NO_FILTER);
    }

    private static boolean isStandard(StepSecurity security) {
        return security.filter() instanceof Filter.Standard
                && security.capabilities().equals(Capability.STANDARD);
    }

    private SeccompProfile ofCapabilities(StepSecurity security) {
        return DefaultProfile.of(SyscallTable.of(architecture), security.capabilities());
    }

    private static ResolvConf readResolvConf() throws IOException {
        return ResolvConf.parse(Files.exists(RESOLV_CONF) ? Files.readString(RESOLV_CONF) : "");
    }
}
