package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every runtime promises of a command: how it ends, what it gets, and that nothing outlives it. */
@Tag("root")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class CommandContract extends BoxedSteps {
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

    // --- what is over when it ends

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
    static List<String> cgroupsOf(long builder) throws IOException {
        try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
            return hierarchies
                    .flatMap(CommandContract::entries)
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

    private static Stream<Path> entries(Path directory) {
        try (Stream<Path> entries = Files.isDirectory(directory) ? Files.list(directory) : Stream.empty()) {
            return entries.toList().stream();
        } catch (IOException gone) {
            return Stream.empty();
        }
    }
}
