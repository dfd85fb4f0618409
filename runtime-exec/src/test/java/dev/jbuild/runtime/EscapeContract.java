package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.runtime.confine.Architecture;
import dev.jbuild.runtime.confine.SyscallTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a hostile step tries, whoever builds the box: each door is tried from inside. */
@Tag("root")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
abstract class EscapeContract extends BoxedSteps {
    /** With arguments of zero each of these would fail in the kernel in another way: EPERM is the filter's answer. */
    private static final List<String> CLOSED_CALLS = List.of(
            "acct",
            "add_key",
            "bpf",
            "delete_module",
            "finit_module",
            "fsconfig",
            "fsmount",
            "fsopen",
            "fspick",
            "init_module",
            "io_uring_enter",
            "io_uring_register",
            "io_uring_setup",
            "ioperm",
            "iopl",
            "kexec_file_load",
            "kexec_load",
            "keyctl",
            "lookup_dcookie",
            "migrate_pages",
            "mount",
            "mount_setattr",
            "move_mount",
            "move_pages",
            "nfsservctl",
            "open_by_handle_at",
            "open_tree",
            "perf_event_open",
            "pidfd_getfd",
            "pivot_root",
            "quotactl",
            "request_key",
            "setdomainname",
            "sethostname",
            "setns",
            "settimeofday",
            "swapoff",
            "swapon",
            "syslog",
            "umount2",
            "unshare",
            "userfaultfd",
            "vhangup");

    static SyscallTable table() {
        return SyscallTable.of(
                Architecture.ofJavaName(System.getProperty("os.arch")).orElseThrow());
    }

    @Test
    void everyCallThatOpensADoorIsRefused() throws Exception {
        Probe.installInto(box.base());
        SyscallTable table = table();
        List<String> known = CLOSED_CALLS.stream()
                .filter(name -> table.number(name).isPresent())
                .toList();
        String script = known.stream()
                .map(name ->
                        "echo " + name + " $(/probe call " + table.number(name).getAsInt() + ")")
                .collect(Collectors.joining("\n"));
        assertThat(outputOf(script).lines())
                .hasSizeGreaterThan(30)
                .containsExactlyElementsOf(
                        known.stream().map(name -> name + " errno 1").toList());
    }

    @Test
    void abstractSocketsOfTheHostAreOutOfReach() throws Exception {
        whileTheHostListens(name ->
                assertThat(outputOf(box.command("/probe", "connect", name))).isEqualTo("errno 111"));
    }

    @Test
    void loopbackServersOfTheHostAreOutOfReach() throws Exception {
        try (ServerSocket canary = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String script = "busybox nc -w 1 127.0.0.1 " + canary.getLocalPort() + " </dev/null && echo reached; true";
            assertThat(outputOf(script)).isEmpty();
        }
    }

    @Test
    void nothingMaskedCanBeReadOrWritten() throws Exception {
        String paths = String.join(" ", BoxOperations.MASKED);
        String script = "for p in " + paths
                + "; do if [ -d $p ]; then busybox ls -A $p; echo x 2>/dev/null > $p/x && echo written $p;"
                + " elif [ -e $p ]; then busybox head -c 64 $p; fi; done; true";
        assertThat(outputOf(script)).isEmpty();
    }

    @Test
    void nothingOfTheKernelsSettingsCanBeWritten() throws Exception {
        String script = """
                for f in /proc/sys/kernel/core_pattern /proc/sys/kernel/modprobe /proc/sys/vm/drop_caches \
                /proc/sys/fs/binfmt_misc/register /proc/sysrq-trigger /proc/irq/default_smp_affinity \
                /sys/kernel/uevent_helper /sys/power/state /sys/fs/cgroup/release_agent /sys/fs/cgroup/cgroup.procs
                do (echo 1 > $f) 2>/dev/null && echo written $f; done; true""";
        assertThat(outputOf(script)).isEmpty();
    }

    @Test
    void theMountTableNamesNoDirectoryOfTheHost() throws Exception {
        // An overlay's options name its layers as the launcher did: by descriptor.
        assumeTrue(
                kind().equals("embedded"), "an OCI runtime binds its bundle's directory, which the table then names");
        assertThat(outputOf("busybox cat /proc/self/mountinfo")).doesNotContain(directory.toString());
    }

    @Test
    void devicesThatTheImageBringsDoNotOpen() throws Exception {
        for (String node : List.of("b 254 0", "c 1 1", "c 10 200", "c 1 11")) {
            Path file = box.base().resolve("node-" + node.replace(' ', '-'));
            String[] words = ("mknod " + file + " " + node).split(" ", -1);
            assertThat(new ProcessBuilder(words).start().waitFor()).isZero();
        }
        assertThat(outputOf("for f in /node-*; do busybox head -c 1 $f 2>/dev/null && echo opened $f; done; true"))
                .isEmpty();
    }

    @Test
    void aRemountChangesNothing() throws IOException, InterruptedException {
        String script = "busybox mount -o remount,rw /sys; busybox mount -o remount,rw /proc/sys; busybox umount /proc";
        assertThat(run(box.shell("{ " + script + "; } 2>/dev/null; echo x > /proc/sys/kernel/hostname"))
                        .exitCode())
                .isNotZero();
        assertThat(Files.readString(Path.of("/proc/sys/kernel/hostname"))).isNotEqualTo("x\n");
    }
}
