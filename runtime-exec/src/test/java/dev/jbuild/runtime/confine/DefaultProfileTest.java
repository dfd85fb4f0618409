package dev.jbuild.runtime.confine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.runtime.confine.SeccompProfile.Action;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DefaultProfileTest {
    private static final int ALLOW = Action.ALLOW.code();
    private static final int EPERM = Action.errno(1).code();
    private static final int ENOSYS = Action.errno(38).code();

    private static int answer(Architecture architecture, Set<Capability> capabilities, String name, long... arguments) {
        SyscallTable table = SyscallTable.of(architecture);
        byte[] program = BpfCompiler.compile(DefaultProfile.of(table, capabilities), table);
        int number = table.number(name).orElseThrow();
        return new BpfMachine(program).answer(architecture.auditArch(), number, arguments);
    }

    private static int answer(Architecture architecture, String name, long... arguments) {
        return answer(architecture, Capability.STANDARD, name, arguments);
    }

    @ParameterizedTest
    @EnumSource
    void dangerousCallsAreRefused(Architecture architecture) {
        for (String name : List.of(
                "keyctl",
                "add_key",
                "request_key",
                "userfaultfd",
                "bpf",
                "perf_event_open",
                "mount",
                "umount2",
                "io_uring_setup",
                "open_by_handle_at",
                "kexec_load",
                "swapon",
                "unshare",
                "setns",
                "pivot_root",
                "fsopen",
                "move_mount",
                "init_module",
                "reboot",
                "settimeofday",
                "quotactl",
                "acct")) {
            assertThat(answer(architecture, name)).as(name).isEqualTo(EPERM);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everydayCallsAreAllowed(Architecture architecture) {
        for (String name : List.of(
                "read",
                "write",
                "openat",
                "execve",
                "mmap",
                "futex",
                "clone",
                "wait4",
                "connect",
                "chroot",
                "fchownat",
                "setuid",
                "capset",
                "ptrace",
                "seccomp",
                "landlock_restrict_self",
                "statx",
                "getxattrat",
                "mseal")) {
            assertThat(answer(architecture, name)).as(name).isEqualTo(ALLOW);
        }
    }

    @ParameterizedTest
    @EnumSource
    void socketsOfAlgAndVsockAreRefusedWhateverTheHighBitsSay(Architecture architecture) {
        for (long family = 0; family < 64; family++) {
            int expected = family == 38 || family == 40 || family > 47 ? EPERM : ALLOW;
            assertThat(answer(architecture, "socket", family))
                    .as("family %d", family)
                    .isEqualTo(expected);
            assertThat(answer(architecture, "socket", family | 0xabcd_0000_0000L))
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void cloneMayNotMakeNamespaces(Architecture architecture) {
        assertThat(answer(architecture, "clone", 0x003d_0f00)).as("a thread").isEqualTo(ALLOW);
        for (int bit : List.of(17, 25, 26, 27, 28, 29, 30)) {
            assertThat(answer(architecture, "clone", 17 | 1L << bit))
                    .as("bit %d", bit)
                    .isEqualTo(EPERM);
        }
        assertThat(answer(architecture, "clone3")).isEqualTo(ENOSYS);
    }

    @ParameterizedTest
    @EnumSource
    void personalityIsOneOfTheHarmless(Architecture architecture) {
        assertThat(answer(architecture, "personality", 8)).isEqualTo(ALLOW);
        assertThat(answer(architecture, "personality", 0xffff_ffffL)).isEqualTo(ALLOW);
        assertThat(answer(architecture, "personality", 0x0040_0000))
                .as("READ_IMPLIES_EXEC")
                .isEqualTo(EPERM);
    }

    @Test
    void aCapabilityOpensTheCallsThatItIsAbout() {
        Set<Capability> admin = EnumSet.copyOf(Capability.STANDARD);
        admin.add(Capability.SYS_ADMIN);
        assertThat(answer(Architecture.X86_64, admin, "mount")).isEqualTo(ALLOW);
        assertThat(answer(Architecture.X86_64, admin, "clone3")).isEqualTo(ALLOW);
        assertThat(answer(Architecture.X86_64, Set.of(), "chroot")).isEqualTo(EPERM);
    }

    @Test
    void theSameCallHasTheNumberOfItsMachine() {
        assertThat(SyscallTable.of(Architecture.X86_64).number("openat")).hasValue(257);
        assertThat(SyscallTable.of(Architecture.AARCH64).number("openat")).hasValue(56);
        assertThat(SyscallTable.of(Architecture.AARCH64).number("open")).isEmpty();
    }

    @Test
    void theStandardCapabilitiesAreTheEleven() {
        assertThat(Capability.STANDARD).hasSize(11).doesNotContain(Capability.NET_RAW, Capability.MKNOD);
        assertThat(Capability.mask(Capability.STANDARD)).isEqualTo(0x8004_05fbL);
    }
}
