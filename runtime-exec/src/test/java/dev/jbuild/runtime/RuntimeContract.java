package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.runtime.confine.Capability;
import dev.jbuild.runtime.confine.ProfileDocument;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every runtime promises of a step, whoever builds the box. */
@Tag("root")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class RuntimeContract extends BoxedSteps {
    /** The eleven of Capability.STANDARD, as /proc/self/status shows them. */
    static final String STANDARD_CAPABILITIES = "00000000800405fb";

    // --- how a step ends

    @Test
    void theExitCodeIsTheCommandsOwn() throws Exception {
        assertThat(run(box.shell("exit 42")).exitCode()).isEqualTo(42);
        assertThat(run(box.shell("true")).succeeded()).isTrue();
    }

    @Test
    void aMissingExecutableIs127AndSaysWhich() throws Exception {
        StepOutcome outcome = run(box.command("no-such-program", "x"));
        assertThat(outcome.exitCode()).isEqualTo(127);
        assertThat(outcome.startFailure())
                .hasValueSatisfying(why -> assertThat(why).contains("no-such-program"));
    }

    @Test
    void aMissingPathIs127AndSaysWhich() throws Exception {
        StepOutcome outcome = run(box.command("/opt/none"));
        assertThat(outcome.exitCode()).isEqualTo(127);
        assertThat(outcome.startFailure())
                .hasValueSatisfying(why -> assertThat(why).contains("/opt/none"));
    }

    @Test
    void aFileThatMayNotBeExecutedIs126() throws Exception {
        StepOutcome outcome = run(box.command("/etc/passwd"));
        assertThat(outcome.exitCode()).isEqualTo(126);
        assertThat(outcome.startFailure()).isPresent();
    }

    // --- what the command gets

    @Test
    void standardOutputAndErrorComeApart() throws Exception {
        run(box.shell("echo out; echo err >&2"));
        assertThat(output.out()).isEqualTo("out\n");
        assertThat(output.err()).isEqualTo("err\n");
    }

    @Test
    void muchOutputArrivesWhole() throws Exception {
        assertThat(outputOf("busybox yes 0123456789 | busybox head -c 3000000 | busybox tee /tmp/all; sync"))
                .hasSizeBetween(2_999_990, 3_000_000);
    }

    @Test
    void theEnvironmentIsExactlyTheSpecs() throws Exception {
        StepSpec spec = box.command("/bin/busybox", "env").withEnv(Map.of("A", "1 2", "Ünï", "x=y\nz", "HOME", "/h"));
        assertThat(outputOf(spec).lines()).containsExactlyInAnyOrder("A=1 2", "Ünï=x=y", "z", "HOME=/h");
    }

    @Test
    void standardInputIsEmpty() throws Exception {
        assertThat(outputOf("busybox cat; echo end")).isEqualTo("end");
    }

    @Test
    void onlyThreeDescriptorsAreOpen() throws Exception {
        // ls itself opens the directory as 3.
        assertThat(outputOf("busybox ls /proc/self/fd").lines()).containsExactly("0", "1", "2", "3");
    }

    @Test
    void theWorkingDirectoryIsEntered() throws Exception {
        assertThat(outputOf(box.shell("pwd").withCwd("/tmp"))).isEqualTo("/tmp");
    }

    @Test
    void aMissingWorkingDirectoryIsMade() throws Exception {
        StepSpec spec = box.shell("pwd").withCwd("/srv/app");
        assertThat(outputOf(spec)).isEqualTo("/srv/app");
        assertThat(TestBox.changes(spec)).containsExactly("srv", "srv/app");
    }

    @Test
    void theWorkingDirectoryCannotBeADescriptorOfTheHost() throws Exception {
        for (int fd = 0; fd < 32; fd++) {
            StepSpec spec = box.shell("busybox ls ..; busybox cat ../../../../etc/passwd")
                    .withCwd("/proc/self/fd/" + fd);
            Captured captured = new Captured();
            try {
                runtime.run(spec, captured);
            } catch (IOException refused) {
                assertThat(refused).hasMessageContaining("/proc/self/fd/" + fd);
            }
            assertThat(captured.out()).doesNotContain("daemon").doesNotContain("home");
        }
    }

    @Test
    void userGroupAndSupplementaryGroupsAreExactlyTheSpecs() throws Exception {
        StepSpec spec = box.shell("busybox id -u; busybox id -g; busybox id -G")
                .withUser(new ProcessUser(1000, 1001, List.of(27L, 44L)));
        assertThat(outputOf(spec).lines()).containsExactly("1000", "1001", "1001 27 44");
    }

    @Test
    void rootHasNoSupplementaryGroupsOfTheHost() throws Exception {
        assertThat(outputOf("busybox grep Groups /proc/self/status").replaceAll("\\s", ""))
                .isEqualTo("Groups:");
    }

    @Test
    void aUserCanOpenItsStandardOutputByName() throws Exception {
        StepSpec spec = box.shell("echo here > /dev/stdout").withUser(new ProcessUser(1000, 1000, List.of()));
        assertThat(outputOf(spec)).isEqualTo("here");
    }

    @Test
    void theUmaskIs022() throws Exception {
        assertThat(outputOf("umask")).isEqualTo("0022");
    }

    @Test
    void resourceLimitsAreTheDefaults() throws Exception {
        assertThat(outputOf("ulimit -Sn; ulimit -Hc").lines()).containsExactly("1024", "0");
    }

    @Test
    void noSignalIsBlockedOrIgnored() throws Exception {
        assertThat(outputOf(box.command("/bin/busybox", "grep", "-E", "Sig(Blk|Ign)", "/proc/self/status")))
                .isEqualTo("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000");
    }

    @Test
    void theHostNameIsTheSpecs() throws Exception {
        assertThat(outputOf(
                        box.shell("busybox hostname; busybox cat /etc/hostname").withHostname("box.example")))
                .isEqualTo("box.example\nbox.example");
    }

    @Test
    void theHostsFileHasTheExtraHosts() throws Exception {
        StepSpec spec = box.shell("busybox cat /etc/hosts")
                .withExtraHosts(List.of(new HostsEntry("192.0.2.7", "db"), new HostsEntry("2001:db8::1", "six")));
        assertThat(outputOf(spec)).contains("127.0.0.1\tlocalhost").endsWith("192.0.2.7\tdb\n2001:db8::1\tsix");
    }

    // --- what it may do

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
    void theHostsNetworkIsUsedOnlyWhenAsked() throws Exception {
        String host = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
        assertThat(outputOf(box.shell("busybox readlink /proc/self/ns/net").withNetwork(Network.HOST)))
                .isEqualTo(host);
        assertThat(outputOf("busybox ls /sys/class/net")).isEqualTo("lo");
        assertThat(outputOf("busybox ip -o link show lo")).contains("UP");
    }

    @Test
    @Tag("peer")
    void theDefaultNetworkIsAnOwnOneThatPastaConnects() throws Exception {
        Optional<Path> pasta = SearchPath.of(System.getProperty("jbuild.tools", "") + ":/usr/bin")
                .find("pasta");
        assumeTrue(pasta.isPresent(), "needs pasta: apt install passt");
        String host = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
        try (ServerSocket canary = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String script = "busybox readlink /proc/self/ns/net; busybox ip route; busybox nc -w 1 127.0.0.1 "
                    + canary.getLocalPort() + " </dev/null && echo reached";
            StepSpec spec = box.shell(script + "; true").withNetwork(Network.DEFAULT);
            assertThat(outputOf(spec)).doesNotContain(host, "reached").contains("default via");
        }
        assertThat(Sleeper.pidsWith(pasta.get() + "\0")).isEmpty();
    }

    @Test
    @Tag("peer")
    void whereThereIsNoPastaSlirpConnectsTheOwnNetwork() throws Exception {
        Optional<Path> slirp = SearchPath.of(System.getProperty("jbuild.tools", "") + ":/usr/bin")
                .find("slirp4netns");
        assumeTrue(slirp.isPresent(), "needs slirp4netns: apt install slirp4netns");
        Path only = Files.createDirectory(directory.resolve("only"));
        Files.createSymbolicLink(only.resolve("slirp4netns"), slirp.get());
        SearchPath programs = new SearchPath(List.of(only, Path.of("/usr/sbin"), Path.of("/usr/bin")));
        assumeTrue(programs.find("pasta").isEmpty(), "needs a machine without /usr/bin/pasta");
        Path state = directory.resolve("runtime");
        StepRuntime withSlirp = kind().equals("embedded")
                ? new EmbeddedRuntime(TestBox.launcher(state), programs, Entered.parse("root:"))
                : new OciRuntime(TestBox.launcher(state), programs, kind(), state);
        try (ServerSocket canary = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String script = "busybox ip route; for a in 127.0.0.1 10.0.2.2; do busybox nc -w 1 $a "
                    + canary.getLocalPort() + " </dev/null && echo reached; done; true";
            Captured captured = new Captured();
            StepOutcome outcome = withSlirp.run(box.shell(script).withNetwork(Network.DEFAULT), captured);
            assertThat(outcome.notes()).isEmpty();
            assertThat(captured.out()).contains("default via 10.0.2.2").doesNotContain("reached");
        }
        assertThat(Sleeper.pidsWith("slirp4netns\0")).isEmpty();
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
        assertThat(outputOf("/probe call 9999")).as("a call of the future").isEqualTo("errno 38");
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

    // --- what is left of it

    @Test
    void changesLandInTheUpperDirectoryAndRemovalsAsWhiteouts() throws Exception {
        box.writeTo(box.base(), "old/file", "x");
        StepSpec spec = box.shell("echo new > /tmp/new; busybox rm /old/file; busybox rm /etc/passwd");
        assertThat(run(spec).exitCode()).isZero();
        assertThat(TestBox.changes(spec)).containsExactly("etc", "etc/passwd", "old", "old/file", "tmp", "tmp/new");
        Path whiteout = spec.rootfs().upper().resolve("old/file");
        assertThat(Files.getAttribute(whiteout, "unix:rdev", LinkOption.NOFOLLOW_LINKS))
                .isEqualTo(0L);
    }

    @Test
    void mountPointsThatTheImageLacksLeaveNoTrace() throws Exception {
        StepSpec spec = box.shell("busybox ls /proc/self/exe /dev/null /sys/kernel /etc/hosts >/dev/null");
        assertThat(run(spec).exitCode()).isZero();
        assertThat(TestBox.changes(spec)).isEmpty();
    }

    @Test
    void aFromScratchRootfsWithoutAnyLayerIsThere() throws Exception {
        Rootfs bare = new Rootfs(List.of(), box.rootfs().upper(), box.rootfs().work());
        Files.copy(
                box.base().resolve("bin/busybox"), bare.upper().resolve("busybox"), StandardCopyOption.COPY_ATTRIBUTES);
        StepSpec spec = StepSpec.of(bare, List.of("/busybox", "ls", "/")).withNetwork(Network.NONE);
        assertThat(outputOf(spec).lines()).contains("busybox", "proc", "dev");
        assertThat(TestBox.changes(spec)).containsExactly("busybox");
    }

    @Test
    void whatTheStepPutsBesideAMountPointIsKept() throws Exception {
        Files.delete(box.base().resolve("etc/passwd"));
        Files.delete(box.base().resolve("etc"));
        StepSpec spec = box.shell("echo x > /etc/mine");
        assertThat(run(spec).exitCode()).isZero();
        assertThat(TestBox.changes(spec)).containsExactly("etc", "etc/mine");
    }

    @Test
    void aMountPointThatAnUpperLayerRemovedIsThereAgainAndItsParentKeepsItsMetadata() throws Exception {
        box.writeTo(box.base(), "etc/hosts", "of the image");
        Files.setAttribute(box.base().resolve("etc"), "unix:mode", 040711);
        Path top = box.addLayer();
        Files.createDirectory(top.resolve("etc"));
        Files.setAttribute(top.resolve("etc"), "unix:mode", 040711);
        Path whiteout = top.resolve("etc/hosts");
        assertThat(new ProcessBuilder("mknod", whiteout.toString(), "c", "0", "0")
                        .start()
                        .waitFor())
                .isZero();
        StepSpec spec = box.shell("busybox head -n 1 /etc/hosts; busybox stat -c %a /etc");
        assertThat(outputOf(spec)).startsWith("127.0.0.1").endsWith("711");
        assertThat(TestBox.changes(spec)).isEmpty();
    }

    @Test
    void twoHundredLayersAreStacked() throws Exception {
        for (int i = 0; i < 200; i++) {
            box.writeTo(box.addLayer(), "f" + i, "x");
        }
        assertThat(outputOf("busybox ls / | busybox grep -c '^f'")).isEqualTo("200");
    }

    @Test
    void backgroundProcessesAreDeadAndTheirWritesOverWhenTheStepEnds() throws Exception {
        Sleeper child = new Sleeper(4242);
        Sleeper orphan = new Sleeper(4243);
        StepSpec spec = box.shell("""
                (trap '' TERM HUP; while :; do echo x >> /tmp/grows; done) &
                busybox setsid %s &
                (busybox sh -c 'busybox setsid %s &')
                while ! [ -s /tmp/grows ]; do :; done""".formatted(child.command(), orphan.command()));
        assertThat(run(spec).exitCode()).isZero();
        Path file = spec.rootfs().upper().resolve("tmp/grows");
        long size = Files.size(file);
        assertThat(child.pids()).isEmpty();
        assertThat(orphan.pids()).isEmpty();
        Thread.sleep(50);
        assertThat(Files.size(file)).isEqualTo(size);
    }

    @Test
    void orphansAreReapedByTheInit() throws Exception {
        assertThat(outputOf("""
                busybox sh -c 'busybox sleep 0.01 & busybox sleep 0.01 &' ; busybox sleep 0.2
                busybox grep -l 'State:.Z' /proc/[0-9]*/status 2>/dev/null; echo done""")).isEqualTo("done");
    }

    @Test
    void anInterruptedThreadEndsTheStep() throws Exception {
        StepSpec spec = box.shell("trap 'echo politely; exit 0' TERM; echo up; while :; do busybox sleep 0.05; done");
        List<Throwable> thrown = new ArrayList<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                run(spec);
            } catch (IOException | InterruptedException e) {
                thrown.add(e);
            }
        });
        output.awaitOut("up");
        thread.interrupt();
        thread.join(20_000);
        assertThat(thrown).singleElement().isInstanceOf(InterruptedException.class);
        assertThat(output.out()).contains("politely");
    }

    @Test
    void anExceptionOfTheOutputEndsTheStep() throws Exception {
        Sleeper sleeper = new Sleeper(4244);
        StepSpec spec = box.shell("echo first; " + sleeper.command());
        IOException full = new IOException("disk full");
        StepOutput failing = new StepOutput() {
            @Override
            public void stdout(byte[] bytes, int offset, int length) throws IOException {
                throw full;
            }

            @Override
            public void stderr(byte[] bytes, int offset, int length) {}
        };
        assertThatThrownBy(() -> runtime.run(spec, failing)).isSameAs(full);
        assertThat(sleeper.pids()).isEmpty();
    }

    @Test
    void aKilledBuilderLeavesNoProcessNoMountAndNoCgroup() throws Exception {
        Sleeper child = new Sleeper(4245);
        Sleeper step = new Sleeper(4246);
        StepSpec spec = box.shell("echo up; busybox setsid " + child.command() + " & " + step.command());
        Process builder = StepMain.start(kind(), directory.resolve("runtime"), spec);
        assertThat(builder.inputReader().readLine()).isEqualTo("up");
        child.awaitPid();
        step.awaitPid();
        builder.destroyForcibly().waitFor();
        awaitNothing(child::pids);
        awaitNothing(step::pids);
        awaitNothing(() -> cgroupsOf(builder.pid()));
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(directory.toString());
        TestBox.changes(spec);
    }

    static void awaitNothing(Callable<List<?>> leftovers) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!leftovers.call().isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
        assertThat(leftovers.call()).isEmpty();
    }

    /** Cgroups of jbuild's whose process is dead, and those of this builder's bundles. */
    private static List<String> cgroupsOf(long builder) throws IOException {
        try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
            return hierarchies
                    .flatMap(RuntimeContract::entries)
                    .map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("jbuild-"))
                    .filter(name -> name.startsWith("jbuild-" + builder + "-") || isDead(name))
                    .toList();
        }
    }

    private static boolean isDead(String name) {
        String pid = name.substring("jbuild-".length());
        return !pid.contains("-") && ProcessHandle.of(Long.parseLong(pid)).isEmpty();
    }

    static Stream<Path> entries(Path directory) {
        try (Stream<Path> entries = Files.isDirectory(directory) ? Files.list(directory) : Stream.empty()) {
            return entries.toList().stream();
        } catch (IOException gone) {
            return Stream.empty();
        }
    }

    @Test
    void nothingIsMountedOnTheHost() throws Exception {
        String before = Files.readString(Path.of("/proc/self/mounts"));
        run(box.shell("true"));
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).isEqualTo(before);
    }

    // --- hostile images

    @Test
    void aLinkedProcIsRefused() throws Exception {
        refusesLinked("proc");
    }

    @Test
    void aLinkedDevIsRefused() throws Exception {
        refusesLinked("dev");
    }

    @Test
    void aLinkedSysIsRefused() throws Exception {
        refusesLinked("sys");
    }

    @Test
    void aRefusalIsToldWhateverTheNetwork() throws Exception {
        Files.createSymbolicLink(box.base().resolve("proc"), Path.of("/tmp"));
        for (Network network : Network.values()) {
            StepSpec spec = box.shell("true").withNetwork(network);
            assertThatThrownBy(() -> run(spec)).hasMessageContaining("/proc of the image");
        }
    }

    private void refusesLinked(String name) throws Exception {
        Files.createDirectory(box.base().resolve("elsewhere"));
        Files.createSymbolicLink(box.base().resolve(name), Path.of("/elsewhere"));
        StepSpec spec = box.shell("true");
        assertThatThrownBy(() -> run(spec)).isInstanceOf(IOException.class).hasMessageContaining("/" + name);
    }

    @Test
    void aResolvConfThatLinksToTheHostHidesNothingOfTheHost() throws Exception {
        Path canary = Files.writeString(directory.resolve("canary"), "the host's");
        Files.createSymbolicLink(box.base().resolve("etc/resolv.conf"), canary);
        StepSpec spec = box.shell("busybox cat /etc/resolv.conf; busybox ls -d " + canary);
        assertThat(outputOf(spec)).doesNotContain("the host's");
        assertThat(canary).hasContent("the host's");
        assertThat(TestBox.changes(spec)).isEmpty();
    }

    @Test
    void aDanglingResolvConfWorksAndLeavesNoTrace() throws Exception {
        Files.createSymbolicLink(
                box.base().resolve("etc/resolv.conf"), Path.of("../run/systemd/resolve/stub-resolv.conf"));
        StepSpec spec = box.shell("busybox cat /etc/resolv.conf").withNetwork(Network.HOST);
        assertThat(outputOf(spec))
                .isEqualTo(Files.readString(Path.of("/etc/resolv.conf")).stripTrailing());
        assertThat(TestBox.changes(spec)).isEmpty();
    }

    @Test
    void aLinkedEtcStaysInsideTheRoot() throws Exception {
        Files.delete(box.base().resolve("etc/passwd"));
        Files.delete(box.base().resolve("etc"));
        Files.createSymbolicLink(box.base().resolve("etc"), directory.resolve("outside"));
        Path outside = Files.createDirectory(directory.resolve("outside"));
        StepSpec spec = box.shell("busybox head -n 1 /etc/hosts");
        assertThat(outputOf(spec)).startsWith("127.0.0.1");
        assertThat(outside).isEmptyDirectory();
        assertThat(TestBox.changes(spec)).isEmpty();
    }
}
