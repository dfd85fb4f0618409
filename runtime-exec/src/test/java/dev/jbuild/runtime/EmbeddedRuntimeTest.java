package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.runtime.launch.Launch.Limit;
import dev.jbuild.runtime.launch.Launch.Resource;
import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What jbuild's own runtime promises alone. */
@Tag("root")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EmbeddedRuntimeTest extends BoxedSteps implements UnderTheLauncher {
    @Test
    void aSignalEndsAsItsNumberAbove128() throws Exception {
        assertThat(run(box.shell("kill -TERM $$")).exitCode()).isEqualTo(143);
        assertThat(run(box.shell("kill -KILL $$")).exitCode()).isEqualTo(137);
    }

    @Test
    void theInitCannotBeReachedFromInside() throws Exception {
        assertThat(run(box.shell("busybox readlink /proc/1/exe")).exitCode()).isNotZero();
        assertThat(run(box.shell("echo x > /proc/1/exe")).exitCode()).isNotZero();
        assertThat(run(box.shell("busybox ls /proc/1/root/")).exitCode()).isNotZero();
    }

    @Test
    void standardInputIsTheNullDevice() throws Exception {
        assertThat(outputOf("busybox readlink /proc/self/fd/0")).isEqualTo("/dev/null");
    }

    @Test
    void aPlainRootKeepsTheTimesOfDirectoriesThatLackMountPoints() throws Exception {
        FileTime before = FileTime.from(Instant.ofEpochSecond(1_000_000_000, 123_456_789));
        Path root = box.base();
        Files.setLastModifiedTime(root.resolve("etc"), before);
        Files.setLastModifiedTime(root, before);
        Path source = Files.writeString(directory.resolve("source"), "x");
        StepSpec step = box.shell("busybox cat /new/deep/file")
                .withMounts(List.of(new StepMount.Host("/new/deep/file", source, false, true)));

        assertThat(outputOf(step.withRootfs(Rootfs.plain(root, step.rootfs().work()))))
                .isEqualTo("x");
        assertThat(root.resolve("etc/resolv.conf")).exists();
        assertThat(Files.getLastModifiedTime(root.resolve("etc"))).isEqualTo(before);
        assertThat(Files.getLastModifiedTime(root)).isEqualTo(before);
        assertThat(Files.getLastModifiedTime(root.resolve("new")).toMillis()).isZero();
        assertThat(Files.getLastModifiedTime(root.resolve("new/deep")).toMillis())
                .isZero();
    }

    @Test
    void aForkBombIsStoppedAndTheLimitNamed() throws Exception {
        StepSpec spec = box.shell("bomb() { while :; do bomb & done; }; trap '' CHLD; bomb 2>/dev/null")
                .withLimits(StepLimits.ofPids(60));
        StepOutcome outcome = run(spec);
        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.limits()).singleElement().asString().contains("60 processes", "--pids-limit");
    }

    @Test
    void aForkBombThatNeverEndsByItselfIsKilled() throws Exception {
        Probe.installInto(box.base());
        StepOutcome outcome = run(box.command("/probe", "forkbomb").withLimits(StepLimits.ofPids(50)));
        assertThat(outcome.exitCode()).isEqualTo(137);
        assertThat(outcome.limits()).singleElement().asString().contains("50 processes", "--pids-limit");
    }

    @Test
    void aMemoryBombIsStoppedAndTheLimitNamed() throws Exception {
        Probe.installInto(box.base());
        assumeTrue(
                Machine.probe().cgroupWith("memory").isPresent(), "needs a writable cgroup with the memory controller");
        StepSpec spec = box.shell("/probe memory 512; echo went on")
                .withLimits(StepLimits.STANDARD.withMemory(64L << 20, OptionalLong.of(64L << 20)));
        StepOutcome outcome = run(spec);
        assertThat(outcome.limits()).singleElement().asString().contains("64 MiB of memory", "--memory");
        assertThat(outcome.usage().peakMemory()).isBetween(60L << 20, 64L << 20);
    }

    @Test
    void aDiskFillerIsStoppedAndTheLimitNamed() throws Exception {
        StepSpec spec = box.shell("while :; do busybox head -c 4000000 /dev/zero >> /tmp/filler; done")
                .withLimits(StepLimits.STANDARD.withDiskBytes(100L << 20));
        StepOutcome outcome = run(spec);
        assertThat(outcome.exitCode()).isEqualTo(137);
        assertThat(outcome.limits()).singleElement().asString().contains("100 MiB of disk", "--storage-opt");
    }

    @Test
    void sharedMemoryIsLimited() throws Exception {
        StepSpec spec = box.shell("busybox head -c 3000000 /dev/zero > /dev/shm/f; busybox stat -c %s /dev/shm/f")
                .withLimits(StepLimits.STANDARD.withShmBytes(1 << 20));
        assertThat(outputOf(spec)).isEqualTo("1048576");
    }

    @Test
    void ulimitsAreTheUsers() throws Exception {
        List<Limit> limits = List.of(
                new Limit(Resource.OPEN_FILES, 64, 128), new Limit(Resource.CORE, Limit.UNLIMITED, Limit.UNLIMITED));
        StepSpec spec = box.shell("ulimit -Sn; ulimit -Hn").withLimits(StepLimits.STANDARD.withUlimits(limits));
        assertThat(outputOf(spec)).isEqualTo("64\n128");
    }

    @Test
    void whatAStepUsedIsCounted() throws Exception {
        StepOutcome outcome = run(
                box.shell(
                        "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; busybox sleep 0.2; busybox head -c 2000000 /dev/zero > /tmp/f; sync"));
        assertThat(outcome.usage().wall()).isGreaterThan(Duration.ofMillis(200));
        assertThat(outcome.usage().cpu())
                .isPositive()
                .isLessThan(outcome.usage().wall());
        assertThat(outcome.usage().peakMemory()).isGreaterThan(100_000);
    }

    @Test
    void theCommandReadsTheFileThatItIsGiven() throws Exception {
        Path file = Files.writeString(directory.resolve("input"), "one\ntwo\n");
        assertThat(outputOf(box.shell("busybox cat").withInput(new StepInput.Stream(file))))
                .isEqualTo("one\ntwo");
    }

    @Test
    void aPersonAtATerminalGetsOneOfTheBoxsOwn() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "needs script: apt install bsdutils");
        Sleeper holder = new Sleeper(4251);
        Process person = new ProcessBuilder(
                        "script", "-qec", "stty rows 33 cols 111; exec sleep " + holder.time(), "/dev/null")
                .start();
        try (OutputStream keys = person.getOutputStream();
                BufferedReader screen = person.inputReader()) {
            Path device = Path.of("/proc", Long.toString(holder.awaitPid()), "fd/0");
            StepSpec spec = box.shell("busybox tty; busybox stty size; echo ready; read line; echo got $line; exit 9")
                    .withInput(new StepInput.Terminal(device));
            FutureTask<StepOutcome> step = new FutureTask<>(() -> run(spec));
            Thread.ofPlatform().start(step);
            List<String> seen = new ArrayList<>();
            while (!seen.contains("ready")) {
                seen.add(screen.readLine());
            }
            keys.write("hello\r".getBytes(StandardCharsets.US_ASCII));
            keys.flush();
            assertThat(step.get().exitCode()).isEqualTo(9);
            assertThat(seen).containsSubsequence("/dev/pts/0", "33 111", "ready");
            assertThat(screen.readLine()).as("the echo of the box's terminal").isEqualTo("hello");
            assertThat(screen.readLine()).isEqualTo("got hello");
            assertThat(output.out()).isEmpty();
        } finally {
            person.destroyForcibly();
        }
    }

    @Test
    void theKernelIsToldToEndAStepFirstWhenMemoryRunsOut() throws Exception {
        assertThat(outputOf("busybox cat /proc/self/oom_score_adj")).isEqualTo("500");
    }

    @Test
    void theInitsMemoryDoesNotNamePathsOfTheHost() throws Exception {
        assertThat(outputOf("busybox cat /proc/1/cmdline")).doesNotContain("/");
    }
}
