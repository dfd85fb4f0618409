package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FileStat;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.OpenFlag;
import dev.jbuild.runtime.launch.Launch.Limit;
import dev.jbuild.runtime.launch.Launch.Resource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Steps where the kernel knows one id: owners and identities are recorded, and programs see what they set. */
@Tag("root")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class OwnerRecordTest {
    private static final int NOBODY = 65_534;

    @TempDir
    Path directory;

    private TestBox box;
    private OrdinaryUser user;

    @BeforeEach
    void createBox() throws IOException {
        user = OrdinaryUser.in(directory);
        box = TestBox.create(Files.createDirectory(directory.resolve("box")));
    }

    private String run(StepSpec spec) throws IOException, InterruptedException {
        OrdinaryUser.Result result = user.run(spec);
        assertThat(result.exitCode()).as(result.output()).isZero();
        return result.output()
                .lines()
                .filter(line -> !line.startsWith("note: "))
                .collect(Collectors.joining("\n"));
    }

    /** The owner that a file of the layer has for the builder; what is nobody's on the disk is root's to him. */
    private static String owner(StepSpec spec, String path) throws IOException {
        try (Fd upper = Linux.system().open(spec.rootfs().upper(), OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            FileStat stat = Linux.recordingOwners()
                    .statAt(upper, path.getBytes(StandardCharsets.UTF_8))
                    .orElseThrow();
            return stat.uid() == NOBODY ? "0:0" : stat.uid() + ":" + stat.gid();
        }
    }

    @Test
    void aFileThatIsGivenAwayIsSeenAndKeptAsItsNewOwners() throws Exception {
        StepSpec spec = box.shell("echo x > /tmp/f; busybox chown 33:34 /tmp/f; busybox stat -c %u:%g /tmp/f");
        assertThat(run(spec)).isEqualTo("33:34");
        assertThat(owner(spec, "tmp/f")).isEqualTo("33:34");
    }

    @Test
    void halfAChangeOfOwnerKeepsTheOtherHalf() throws Exception {
        StepSpec spec = box.shell("echo x > /tmp/f; busybox chown 33:34 /tmp/f; busybox chown :50 /tmp/f");
        run(spec);
        assertThat(owner(spec, "tmp/f")).isEqualTo("33:50");
    }

    @Test
    void aFileThatIsGivenBackToRootIsRoots() throws Exception {
        StepSpec spec = box.shell("echo x > /tmp/f; busybox chown 33:34 /tmp/f; busybox chown 0:0 /tmp/f");
        run(spec);
        assertThat(owner(spec, "tmp/f")).isEqualTo("0:0");
    }

    @Test
    void aChangeOfOwnerTakesSetuidAwayAndALaterModeBringsItBack() throws Exception {
        StepSpec spec = box.shell("""
                echo x > /tmp/f; busybox chmod 4755 /tmp/f; busybox chown 33 /tmp/f; busybox stat -c %a:%u /tmp/f
                busybox chmod 4755 /tmp/f; busybox stat -c %a:%u /tmp/f""");
        assertThat(run(spec)).isEqualTo("755:33\n4755:33");
    }

    @Test
    void linksAndFifosHaveOwnersOfTheirOwn() throws Exception {
        StepSpec spec = box.shell("""
                cd /tmp; echo x > f; busybox ln -s f link; busybox mkfifo fifo
                busybox chown -h 33:34 link; busybox chown 35:36 fifo; busybox mv link moved
                busybox stat -c %n:%u:%g moved f fifo""");
        assertThat(run(spec)).isEqualTo("moved:33:34\nf:0:0\nfifo:35:36");
        assertThat(List.of(owner(spec, "tmp/moved"), owner(spec, "tmp/f"), owner(spec, "tmp/fifo")))
                .containsExactly("33:34", "0:0", "35:36");
    }

    @Test
    void aLinkOfALowerLayerKeepsItsOwnerInALaterStep() throws Exception {
        StepSpec first = box.shell("busybox mkdir /d; busybox ln -s x /d/link; busybox chown -hR 33:34 /d");
        run(first);
        Rootfs after = new Rootfs(
                Stream.concat(Stream.of(first.rootfs().upper()), first.rootfs().lower().stream())
                        .toList(),
                Files.createDirectories(directory.resolve("box/second/fs")),
                Files.createDirectories(directory.resolve("box/second/work")));
        StepSpec second = StepSpec.of(
                        after,
                        List.of(
                                "/bin/busybox",
                                "sh",
                                "-c",
                                "busybox touch /d/new; busybox stat -c %u:%g /d /d/link /d/new"))
                .withEnv(TestBox.PATH)
                .withNetwork(Network.NONE);
        assertThat(run(second)).isEqualTo("33:34\n33:34\n0:0");
    }

    @Test
    void aLinkOfALowerLayerThatIsGivenAwayIsOfTheLayer() throws Exception {
        Files.createSymbolicLink(box.base().resolve("old"), Path.of("x"));
        StepSpec spec = box.shell("busybox chown -h 33:34 /old; busybox stat -c %u:%g /old");
        assertThat(run(spec)).isEqualTo("33:34");
        assertThat(owner(spec, "old")).isEqualTo("33:34");
    }

    @Test
    void whoBecomesAnotherIsHimMakesHisFilesAndCannotGoBack() throws Exception {
        StepSpec spec = box.shell("""
                busybox chmod 777 /tmp
                busybox su -s /bin/sh user -c 'busybox id -u; busybox id -g; echo x > /tmp/f; busybox mkdir /tmp/d; busybox ln -s f /tmp/l;
                  busybox chown 0 /tmp/f || echo refused; busybox su root -c true || echo stays; (umask 077; echo > /tmp/g)'
                busybox stat -c %n:%u:%g:%a /tmp/f /tmp/d /tmp/g /tmp/l; busybox id -u""");
        box.writeTo(box.base(), "etc/group", "user:x:1000:\nroot:x:0:\n");
        assertThat(run(spec).lines())
                .contains(
                        "1000",
                        "refused",
                        "stays",
                        "/tmp/f:1000:1000:644",
                        "/tmp/d:1000:1000:755",
                        "/tmp/g:1000:1000:600")
                .contains("/tmp/l:1000:1000:777")
                .endsWith("0");
        assertThat(List.of(owner(spec, "tmp/f"), owner(spec, "tmp/d"), owner(spec, "tmp/l")))
                .containsOnly("1000:1000");
    }

    @Test
    void identityPassesToChildrenThatOutliveTheirParent() throws Exception {
        StepSpec spec = box.shell("""
                busybox mkfifo -m 666 /tmp/go /tmp/done
                busybox su -s /bin/sh user -c '(read x < /tmp/go; busybox id -u > /tmp/f; echo > /tmp/done) & exit 0'
                echo > /tmp/go; read x < /tmp/done; busybox cat /tmp/f; busybox stat -c %u /tmp/f""");
        assertThat(run(spec)).isEqualTo("1000\n1000");
    }

    @Test
    void aDirectoryKeepsTheOwnersOfHundredsOfLinks() throws Exception {
        StepSpec spec = box.shell("""
                busybox mkdir /d; busybox ln -s $(busybox seq 400 | busybox sed s/^/a-link-with-a-long-name-/) /d/
                busybox chown -hR 1000:1000 /d""");
        assertThat(run(spec)).isEmpty();
        assertThat(owner(spec, "d/a-link-with-a-long-name-1")).isEqualTo("1000:1000");
        assertThat(owner(spec, "d/a-link-with-a-long-name-400")).isEqualTo("1000:1000");
    }

    @Test
    void ownersThatFindNoSpaceAreToldOnceWithTheirDirectory() throws Exception {
        StepSpec spec = box.shell("""
                busybox mkdir /d /d/e; busybox ln -s $(busybox seq 9000) /d/e/; busybox chown -hR 1000:1000 /d""");
        OrdinaryUser.Result result = user.run(spec);
        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output().lines().filter(line -> line.contains("could not be kept, so they are root's")))
                .singleElement()
                .asString()
                .contains("from /d/e/");
    }

    @Test
    void aLinkInsideAnotherRootIsTheOneThatIsGivenAway() throws Exception {
        StepSpec spec = box.shell("""
                busybox mkdir -p /target/bin; busybox cp /bin/busybox /target/bin/busybox
                busybox ln -s x /both; busybox ln -s y /target/both
                busybox chroot /target /bin/busybox chown -h 33:34 /both /old
                busybox stat -c %u:%g /both /target/both /target/old""");
        Files.createSymbolicLink(
                Files.createDirectories(box.base().resolve("target")).resolve("old"), Path.of("x"));
        assertThat(run(spec)).isEqualTo("0:0\n33:34\n33:34");
        assertThat(List.of(owner(spec, "both"), owner(spec, "target/both"), owner(spec, "target/old")))
                .containsExactly("0:0", "33:34", "33:34");
    }

    @Test
    void theStepsOutputIsGivenAwayByItsNamesAndByLinksToThem() throws Exception {
        StepSpec spec = box.shell("""
                busybox chown 33:34 /dev/stdout; busybox stat -L -c %u:%g /dev/stdout
                busybox ln -s /dev/stdout /tmp/log; busybox chown 35:36 /tmp/log; busybox stat -L -c %u:%g /tmp/log
                echo x > /tmp/f; busybox chown 37:38 /dev/fd/5 5< /tmp/f; busybox stat -c %u:%g /tmp/f /tmp/log""");
        assertThat(run(spec)).isEqualTo("33:34\n35:36\n37:38\n0:0");
    }

    @Test
    void aLimitOfLocksDoesNotChangeWhoProcessesAre() throws Exception {
        for (long soft : new long[] {0, 1}) {
            StepSpec spec = box.shell("busybox su -s /bin/sh user -c 'busybox id -u'; busybox id -u");
            StepLimits limits = spec.limits().withUlimits(List.of(new Limit(Resource.LOCKS, soft, soft)));
            assertThat(run(spec.withLimits(limits))).isEqualTo("1000\n0");
        }
    }

    @Test
    void aLinkWithTooLongATargetIsRefusedAndLaterCallsAreSeen() throws Exception {
        StepSpec spec = box.shell("""
                cd /tmp; long=$(busybox printf %05000d 0); echo x > f
                busybox ln -s $long f2 2> /dev/null || busybox ln -s $long f3 2> /dev/null || echo refused
                busybox chown 33:34 f; busybox stat -c %u:%g f""");
        assertThat(run(spec)).isEqualTo("refused\n33:34");
    }

    @Test
    void aDirectoryWithSetgidPassesItsGroupOn() throws Exception {
        StepSpec spec = box.shell("""
                busybox mkdir /d; busybox chown 0:50 /d; busybox chmod 2775 /d; echo x > /d/f; busybox mkdir /d/e
                busybox stat -c %u:%g:%a /d/f /d/e""");
        assertThat(run(spec)).isEqualTo("0:50:644\n0:50:2755");
        assertThat(owner(spec, "d/f")).isEqualTo("0:50");
    }

    @Test
    void aStepOfAnotherUserIsThatUser() throws Exception {
        StepSpec spec = box.shell("busybox id; echo x > /tmp/f").withUser(new ProcessUser(1000, 0, List.of()));
        assertThat(run(spec)).startsWith("uid=1000(user) gid=0");
        assertThat(owner(spec, "tmp/f")).isEqualTo("1000:0");
    }
}
