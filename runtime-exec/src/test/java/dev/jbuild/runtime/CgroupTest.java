package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.runtime.confine.Capability;
import dev.jbuild.runtime.confine.DeviceProgram;
import dev.jbuild.runtime.confine.DeviceRule;
import dev.jbuild.runtime.launch.Launch;
import dev.jbuild.runtime.launch.Launch.Cgroup;
import dev.jbuild.runtime.launch.LaunchedProcess;
import dev.jbuild.runtime.launch.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher's cgroups, with settings of the test's own. */
@Tag("root")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CgroupTest {
    private static final CgroupPlanner.Plan NO_LIMITS = new CgroupPlanner.Plan(List.of(), List.of(), List.of());

    @TempDir
    Path directory;

    private TestBox box;
    private final Captured output = new Captured();

    @BeforeEach
    void createBox() throws IOException {
        box = TestBox.create(Files.createDirectory(directory.resolve("box")));
    }

    // Version 2 alone, or beside version 1.
    private static Path unified() {
        var found = Stream.of("/sys/fs/cgroup/unified", "/sys/fs/cgroup")
                .map(Path::of)
                .filter(path -> Files.isWritable(path) && Files.exists(path.resolve("cgroup.controllers")))
                .findFirst();
        assumeTrue(found.isPresent(), "needs a writable cgroup version 2 hierarchy under /sys/fs/cgroup");
        return found.get();
    }

    private Report run(StepSpec spec, Cgroup cgroup) throws IOException, InterruptedException {
        Launch plan = LaunchPlanner.plan(spec, new Link.Isolated(), Host.probe(), NO_LIMITS);
        Launch launch = new Launch(
                plan.lower(),
                plan.upper(),
                plan.work(),
                plan.plainRoot(),
                plan.attach(),
                plan.namespaces(),
                plan.hostname(),
                plan.operations(),
                plan.argv(),
                plan.env(),
                plan.cwd(),
                plan.confinement(),
                List.of(cgroup),
                plan.disk(),
                plan.oomScore(),
                plan.network(),
                plan.input(),
                plan.terminal(),
                plan.cleanup());
        return LaunchedProcess.run(TestBox.launcher(directory).starter(), launch, new Relay(output));
    }

    private static Path cgroupOf(long pid, Path mount) throws IOException {
        String line = Files.readAllLines(Path.of("/proc", Long.toString(pid), "cgroup")).stream()
                .filter(membership -> membership.startsWith("0::"))
                .findFirst()
                .orElseThrow();
        return mount.resolve(line.substring("0::/".length()));
    }

    @Test
    void aStepIsBornInItsVersion2CgroupAndTheCgroupGoesWithIt() throws Exception {
        Path mount = unified();
        Sleeper sleeper = new Sleeper(4247);
        StepSpec spec = box.shell("busybox cat /proc/self/cgroup; " + sleeper.command() + "; true");
        FutureTask<Report> step = new FutureTask<>(() ->
                run(spec, new Cgroup(2, mount, List.of("cgroup.max.depth=7"), List.of(), List.of(), new byte[0])));
        Thread.ofPlatform().start(step);
        long pid = sleeper.awaitPid();
        Path cgroup = cgroupOf(pid, mount);
        assertThat(cgroup.getFileName().toString()).startsWith("jbuild-");
        assertThat(cgroup.resolve("cgroup.max.depth")).hasContent("7");
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        assertThat(step.get().exitCode()).isZero();
        assertThat(output.out())
                .as("the cgroup is the root of the step's namespace")
                .contains("0::/\n");
        assertThat(cgroup).doesNotExist();
    }

    @Test
    void aVersion2ProgramRefusesDevicesAndAllowsTheHarmless() throws Exception {
        Path mount = unified();
        StepSpec spec = box.shell("""
                busybox head -c 1 /dev/zero | busybox wc -c; echo x > /dev/null && echo null
                busybox mknod /dev/again c 1 5 && busybox head -c 1 /dev/again | busybox wc -c
                busybox mknod /dev/kmsg c 1 11; busybox head -c 1 /dev/kmsg; echo $?
                busybox mknod /dev/disk b 254 0; busybox head -c 1 /dev/disk; echo $?""").withSecurity(StepSecurity.STANDARD.withAdded(Capability.MKNOD));
        byte[] program = DeviceProgram.of(DeviceRule.STANDARD);
        Report report = run(spec, new Cgroup(2, mount, List.of(), List.of(), List.of(), program));
        assertThat(report.exitCode()).isZero();
        assertThat(output.out().lines()).containsExactly("1", "null", "1", "1", "1");
        assertThat(output.err()).contains("Operation not permitted");
    }

    @Test
    void aLimitThatCannotBeSetIsNoted() throws Exception {
        Report report = run(
                box.shell("true"),
                new Cgroup(1, directory.resolve("none"), List.of("pids.max=9"), List.of(), List.of(), new byte[0]));
        assertThat(report.exitCode()).isZero();
        assertThat(report.notes()).singleElement().asString().contains("pids.max=9", directory.toString());
    }

    @Test
    void aCgroupOfADeadLauncherIsSweptByTheNextStep() throws Exception {
        Path mount = unified();
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Path orphan = Files.createDirectory(mount.resolve("jbuild-" + dead.pid()));
        Path alive = Files.createDirectory(
                mount.resolve("jbuild-" + ProcessHandle.current().pid()));
        try {
            run(box.shell("true"), new Cgroup(2, mount, List.of(), List.of(), List.of(), new byte[0]));
            assertThat(orphan).doesNotExist();
            assertThat(alive).exists();
        } finally {
            Files.delete(alive);
        }
    }
}
