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
                .startsWith("1000", "CapBnd:\t" + RuntimeContract.STANDARD_CAPABILITIES)
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
    void withASingleIdAStepOfRootRuns() throws Exception {
        OrdinaryUser.Result result = user.run(box.shell("busybox id -u; busybox cat /proc/self/uid_map; exit 5"));
        assertThat(result.output().lines().map(line -> line.strip().replaceAll(" +", " ")))
                .startsWith("0", "0 65534 1");
        assertThat(result.exitCode()).isEqualTo(5);
    }
}
