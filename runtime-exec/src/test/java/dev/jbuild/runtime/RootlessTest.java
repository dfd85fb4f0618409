package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Steps of an ordinary user: a JVM that {@code launcher enter} started as nobody, with and without subordinate ids. */
@Tag("root")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RootlessTest {
    // More at a time than the limits of these tests and the builder's own threads allow together.
    private static final String BOMB =
            "i=0; while [ $i -lt 700 ]; do busybox sleep 300 & i=$((i+1)); done; echo all were started";

    @TempDir
    Path directory;

    private TestBox box;
    private OrdinaryUser user;

    @BeforeEach
    void createBox() throws IOException {
        user = OrdinaryUser.in(directory);
        box = TestBox.create(Files.createDirectory(directory.resolve("box")));
    }

    @Test
    void withSubordinateIdsAStepIsRootAndMayGiveFilesAway() throws Exception {
        user.giveSubordinateIds();
        StepSpec spec =
                box.shell("busybox id -u; echo x > /tmp/f; busybox chown 33:34 /tmp/f; busybox stat -c %u:%g /tmp/f");
        OrdinaryUser.Result result = user.run(spec);
        assertThat(result.output()).startsWith("0\n33:34");
        Path file = spec.rootfs().upper().resolve("tmp/f");
        assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(200_000 + 33 - 1);
    }

    @Test
    void withSubordinateIdsAStepRunsAsAnotherUserInTheSameBox() throws Exception {
        user.giveSubordinateIds();
        OrdinaryUser.Result result = user.run(box.shell("""
                        busybox id -u; busybox grep CapBnd /proc/self/status; busybox ls /dev | busybox wc -l
                        busybox head -c 2 /dev/zero | busybox wc -c; busybox ls /sys/class/net; echo > /proc/sysrq-trigger""").withUser(new ProcessUser(1000, 0, List.of())));
        assertThat(result.output().lines())
                .startsWith("1000", "CapBnd:\t" + PrivilegeContract.STANDARD_CAPABILITIES)
                .contains("2", "lo");
        assertThat(result.exitCode()).isNotZero();
    }

    @Test
    void theHostsNetworkWorksInAUserNamespace() throws Exception {
        user.giveSubordinateIds();
        String host = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
        OrdinaryUser.Result result = user.run(box.shell(
                        "busybox readlink /proc/self/ns/net; busybox ls /sys/class/net/lo/address; busybox mkdir /sys/fs/cgroup/x")
                .withNetwork(Network.HOST));
        assertThat(result.output()).startsWith(host).contains("/sys/class/net/lo/address");
        assertThat(result.exitCode()).isNotZero();
    }

    @Test
    @Tag("peer")
    void pastaConnectsAStepOfAnOrdinaryUser() throws Exception {
        assumeTrue(
                SearchPath.of(System.getProperty("jbuild.tools", "") + ":/usr/bin")
                        .find("pasta")
                        .isPresent(),
                "needs pasta: apt install passt");
        assumeTrue(
                Files.getPosixFilePermissions(Path.of("/dev/net/tun")).contains(PosixFilePermission.OTHERS_WRITE),
                "needs a /dev/net/tun that everybody may open: chmod 666 /dev/net/tun");
        user.giveSubordinateIds();
        String host = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
        OrdinaryUser.Result result = user.run(box.shell("busybox readlink /proc/self/ns/net; busybox ip route")
                .withNetwork(Network.DEFAULT));
        assertThat(result.output()).startsWith("net:[").doesNotContain(host).contains("default via");
    }

    @Test
    void whereNoCgroupCanBeWrittenAForkBombMeetsTheLimitOfItsUser() throws Exception {
        user.giveSubordinateIds();
        OrdinaryUser.Result result = user.run(box.shell(BOMB).withLimits(StepLimits.ofPids(50)));
        assertThat(result.exitCode()).isNotZero();
        assertThat(result.output())
                .contains("can't fork")
                .contains("note: the step's --pids-limit is only kept for all processes of its user together")
                .doesNotContain("all were started");
    }

    @Test
    void whereRootMayWriteNoCgroupAUsersForkBombMeetsALimitAndRootsIsToldToHaveNone() throws Exception {
        String bombed = withoutCgroups(
                box.shell(BOMB).withUser(new ProcessUser(4321, 0, List.of())).withLimits(StepLimits.ofPids(50)));
        assertThat(bombed).contains("can't fork", "(RLIMIT_NPROC)").doesNotContain("all were started");
        assertThat(withoutCgroups(box.shell("true"))).contains("--pids-limit is not kept for root");
    }

    private String withoutCgroups(StepSpec spec) throws IOException {
        List<String> prefix =
                List.of("unshare", "-m", "sh", "-c", "mount -t tmpfs -o ro none /sys/fs/cgroup && exec \"$@\"", "sh");
        return outputOf(prefix, Files.createDirectories(directory.resolve("of-root")), spec);
    }

    private static String outputOf(List<String> prefix, Path runtime, StepSpec spec) throws IOException {
        Process process = StepMain.prepare(prefix, System.getProperty("java.class.path"), "embedded", runtime, spec)
                .redirectErrorStream(true)
                .start();
        return process.inputReader().readAllAsString();
    }

    @Test
    void rootThatMayNotMountRunsAStepInAUserNamespace() throws Exception {
        Path runtime = Files.createDirectory(directory.resolve("of-root"));
        String launcher = TestBox.launcher(runtime).file().toString();
        List<String> prefix =
                List.of("setpriv", "--bounding-set", "-sys_admin", "--inh-caps", "-sys_admin", launcher, "enter", "--");
        StepSpec spec = box.shell("busybox cat /proc/self/uid_map; busybox id -u; "
                + "echo x > /tmp/f; busybox chown 33:34 /tmp/f; busybox stat -c %u:%g /tmp/f");
        assertThat(outputOf(prefix, runtime, spec)
                        .lines()
                        .map(line -> line.strip().replaceAll(" +", " ")))
                .contains("0 0 1", "0", "33:34");
        assertThat(spec.rootfs().upper().resolve("tmp/f")).exists();
    }

    @Test
    void withASingleIdAStepOfRootRuns() throws Exception {
        OrdinaryUser.Result result = user.run(box.shell("busybox id -u; busybox cat /proc/self/uid_map; exit 5"));
        assertThat(result.output().lines().map(line -> line.strip().replaceAll(" +", " ")))
                .startsWith("0", "0 65534 1");
        assertThat(result.exitCode()).isEqualTo(5);
    }
}
