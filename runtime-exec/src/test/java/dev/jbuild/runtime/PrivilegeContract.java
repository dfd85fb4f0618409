package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.runtime.confine.Capability;
import dev.jbuild.runtime.confine.ProfileDocument;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every runtime lets a step do, and what it does not. */
@Tag("root")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class PrivilegeContract extends BoxedSteps {
    /** The eleven of Capability.STANDARD, as /proc/self/status shows them. */
    static final String STANDARD_CAPABILITIES = "00000000800405fb";

    @Test
    void rootHasExactlyTheElevenCapabilities() throws Exception {
        assertThat(outputOf("busybox grep Cap /proc/self/status").lines())
                .containsExactly(
                        "CapInh:\t0000000000000000",
                        "CapPrm:\t" + STANDARD_CAPABILITIES,
                        "CapEff:\t" + STANDARD_CAPABILITIES,
                        "CapBnd:\t" + STANDARD_CAPABILITIES,
                        "CapAmb:\t0000000000000000");
    }

    @Test
    void aUserHasNoCapabilityButMayGainThoseOfTheBoundingSet() throws Exception {
        StepSpec spec =
                box.shell("busybox grep Cap /proc/self/status").withUser(new ProcessUser(1000, 1000, List.of()));
        assertThat(outputOf(spec).lines())
                .contains(
                        "CapPrm:\t0000000000000000", "CapEff:\t0000000000000000", "CapBnd:\t" + STANDARD_CAPABILITIES);
    }

    @Test
    void noNewPrivilegesIsAnOption() throws Exception {
        StepSpec spec = box.shell("busybox grep NoNewPrivs /proc/self/status");
        assertThat(outputOf(spec)).endsWith("0");
        assertThat(outputOf(box.shell("busybox grep NoNewPrivs /proc/self/status")
                        .withSecurity(StepSecurity.STANDARD.withNoNewPrivileges(true))))
                .endsWith("1");
    }

    @Test
    void aSetuidProgramWorksForAUser() throws Exception {
        Probe.installInto(box.base());
        Files.setAttribute(box.base().resolve("probe"), "unix:mode", 0104755);
        StepSpec spec = box.command("/probe", "call", "107").withUser(new ProcessUser(1000, 1000, List.of()));
        assertThat(outputOf(spec)).as("geteuid").isEqualTo("0");
    }

    @Test
    void moreProcessesThanAllowedCannotBeStarted() throws Exception {
        String script = "i=0; while [ $i -lt 60 ]; do busybox sleep 5 & i=$((i+1)); done; echo all";
        StepSpec spec = box.shell(script).withLimits(StepLimits.ofPids(30));
        assertThat(run(spec).exitCode()).isNotZero();
        assertThat(output.out()).doesNotContain("all");
        assertThat(outputOf(box.shell(script))).isEqualTo("all");
    }

    @Test
    void theNamespacesAreNotTheHosts() throws Exception {
        for (String kind : List.of("pid", "mnt", "ipc", "uts", "net", "cgroup")) {
            String host = Files.readSymbolicLink(Path.of("/proc/self/ns", kind)).toString();
            assertThat(outputOf("busybox readlink /proc/self/ns/" + kind))
                    .startsWith(kind + ":[")
                    .isNotEqualTo(host);
        }
    }

    @Test
    void filteredSystemCallsFail() throws Exception {
        Probe.installInto(box.base());
        assertThat(outputOf("/probe call 272 0x10000000"))
                .as("unshare(CLONE_NEWUSER)")
                .isEqualTo("errno 1");
        assertThat(outputOf("/probe call 250 0 0")).as("keyctl").isEqualTo("errno 1");
        assertThat(outputOf("/probe call 41 38 5 0")).as("socket(AF_ALG)").isEqualTo("errno 1");
        assertThat(outputOf("/probe call 41 0x100000026 5 0"))
                .as("socket(AF_ALG) with high bits that the kernel ignores")
                .isEqualTo("errno 1");
        assertThat(outputOf("/probe call 41 40 1 0")).as("socket(AF_VSOCK)").isEqualTo("errno 1");
        assertThat(outputOf("/probe clone3")).as("clone3").isEqualTo("errno 38");
        assertThat(outputOf("/probe call 56 0x10000011"))
                .as("clone(CLONE_NEWUSER)")
                .isEqualTo("errno 1");
        assertThat(outputOf("/probe call 425 8 0")).as("io_uring_setup").isEqualTo("errno 1");
        assertThat(outputOf("/probe call 165 0 0 0 0 0")).as("mount").isEqualTo("errno 1");
        assertThat(outputOf("/probe call 321 0 0 0")).as("bpf").isEqualTo("errno 1");
        assertThat(outputOf("/probe call 135 0x40000"))
                .as("personality(ADDR_NO_RANDOMIZE)")
                .isEqualTo("errno 1");
    }

    @Test
    void aCallOfTheFutureIsUnknown() throws Exception {
        Probe.installInto(box.base());
        assertThat(outputOf("/probe call 9999")).isEqualTo("errno 38");
    }

    @Test
    void anAddedCapabilityIsThereAndOpensItsSystemCalls() throws Exception {
        Probe.installInto(box.base());
        StepSecurity chroot = StepSecurity.STANDARD.withCapabilities(Set.of(Capability.CHOWN));
        StepSecurity admin = StepSecurity.STANDARD.withAdded(Capability.SYS_ADMIN);
        String script = "busybox grep CapBnd /proc/self/status; /probe call 272 0x04000000";
        assertThat(outputOf(box.shell(script).withSecurity(chroot))).isEqualTo("CapBnd:\t0000000000000001\nerrno 1");
        assertThat(outputOf(box.shell(script).withSecurity(admin)))
                .as("unshare(CLONE_NEWUTS)")
                .isEqualTo("CapBnd:\t00000000802405fb\n0");
    }

    @Test
    void withoutAFilterTheKernelItselfAnswers() throws Exception {
        Probe.installInto(box.base());
        StepSpec spec = box.shell("busybox grep Seccomp: /proc/self/status; /probe call 9999")
                .withSecurity(StepSecurity.STANDARD.withFilter(new StepSecurity.Filter.None()));
        assertThat(outputOf(spec)).isEqualTo("Seccomp:\t0\nerrno 38");
    }

    @Test
    void aFilterOfTheUsersIsKept() throws Exception {
        Probe.installInto(box.base());
        byte[] profile = """
                {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["getpid"],
                 "action": "SCMP_ACT_ERRNO", "errnoRet": 42}]}""".getBytes(StandardCharsets.UTF_8);
        StepSpec spec = box.shell("/probe call 39; /probe call 110")
                .withSecurity(StepSecurity.STANDARD.withFilter(
                        new StepSecurity.Filter.Custom(ProfileDocument.parse(profile))));
        assertThat(outputOf(spec)).startsWith("errno 42\n");
    }

    @Test
    void aStepThatMayMakeNodesOpensNoDeviceOfTheHost() throws Exception {
        StepSpec spec = box.shell("""
                busybox mknod /dev/kmsg2 c 1 11 && ! busybox head -c 1 /dev/kmsg2 && busybox mknod /dev/d b 254 0 &&
                ! busybox head -c 1 /dev/d && busybox mknod /dev/z c 1 5 && busybox head -c 1 /dev/z | busybox wc -c""").withSecurity(StepSecurity.STANDARD.withAdded(Capability.MKNOD));
        assertThat(outputOf(spec)).isEqualTo("1");
    }

    @Test
    void usualSystemCallsWork() throws Exception {
        Probe.installInto(box.base());
        assertThat(outputOf("/probe call 135 0xffffffff"))
                .as("personality(query)")
                .isEqualTo("0");
        assertThat(outputOf("/probe call 41 2 1 0")).as("socket(AF_INET)").isEqualTo("3");
        assertThat(outputOf("/probe call 41 1 1 0")).as("socket(AF_UNIX)").isEqualTo("3");
        assertThat(outputOf("/probe call 41 16 3 0")).as("socket(AF_NETLINK)").isEqualTo("3");
        assertThat(outputOf("/probe call 39")).as("getpid").isNotEmpty();
    }

    @Test
    void dangerousPathsAreMasked() throws Exception {
        assertThat(outputOf("busybox cat /proc/keys /proc/timer_list /proc/interrupts"))
                .isEmpty();
        assertThat(outputOf("busybox ls /sys/firmware /proc/acpi 2>/dev/null")
                        .lines()
                        .filter(line -> !line.isEmpty() && !line.endsWith(":")))
                .isEmpty();
    }

    @Test
    void systemSettingsAreReadOnly() throws Exception {
        for (String file :
                List.of("/proc/sys/kernel/hostname", "/proc/sysrq-trigger", "/proc/irq/default_smp_affinity")) {
            assertThat(run(box.shell("echo x > " + file)).exitCode()).as(file).isNotZero();
        }
        assertThat(run(box.shell("busybox mkdir /sys/fs/cgroup/x")).exitCode()).isNotZero();
        assertThat(run(box.shell("busybox mkdir /sys/fs/cgroup/pids/x")).exitCode())
                .isNotZero();
    }

    @Test
    void devicesAreTheSixAndNoMoreCanBeMade() throws Exception {
        assertThat(
                        outputOf(
                                "busybox head -c 4 /dev/zero | busybox wc -c; echo x > /dev/null; busybox head -c 3 /dev/urandom | busybox wc -c"))
                .isEqualTo("4\n3");
        assertThat(run(box.shell("echo x > /dev/full")).exitCode()).isNotZero();
        assertThat(run(box.shell("busybox mknod /tmp/disk b 254 0")).exitCode()).isNotZero();
        assertThat(outputOf("busybox ls /dev").lines()).doesNotContain("vda", "sda", "kmsg", "mem");
    }

    @Test
    void aDeviceNodeInTheImageDoesNotOpen() throws Exception {
        Path node = box.base().resolve("disk");
        assertThat(new ProcessBuilder("mknod", node.toString(), "c", "1", "5")
                        .start()
                        .waitFor())
                .isZero();
        assertThat(run(box.shell("busybox head -c 1 /disk")).exitCode()).isNotZero();
    }
}
