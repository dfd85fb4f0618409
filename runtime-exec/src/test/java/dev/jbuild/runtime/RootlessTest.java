package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Steps of an ordinary user: a JVM that {@code launcher enter} started as nobody, with and without subordinate ids. */
@Tag("root")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RootlessTest {
    private static final int NOBODY = 65_534;

    // As the administrator would: these files are the machine's, so they are covered in a mount namespace of the test.
    private static final String BECOME_NOBODY = """
            mount --bind "$1" /etc/subuid && mount --bind "$1" /etc/subgid && shift &&
            exec setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
            """;

    @TempDir
    Path directory;

    private TestBox box;
    private Path runtime;
    private Path subordinate;

    @BeforeEach
    void createBox() throws IOException {
        assumeTrue(Files.exists(Path.of("/usr/bin/newuidmap")), "needs newuidmap: apt install uidmap");
        assumeTrue(Files.exists(Path.of("/etc/subuid")), "needs /etc/subuid to exist: apt install uidmap");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        box = TestBox.create(Files.createDirectory(directory.resolve("box")));
        runtime = Files.createDirectory(directory.resolve("runtime"));
        subordinate = Files.writeString(directory.resolve("subordinate"), "");
    }

    private void giveSubordinateIds() throws IOException {
        Files.writeString(subordinate, "nobody:200000:65536\n");
    }

    /** What the JVM of nobody prints, and how it ends. */
    private record Result(int exitCode, String output) {}

    private Result run(StepSpec spec) throws IOException, InterruptedException {
        Path classes = Files.createDirectory(directory.resolve("classes"));
        for (String entry : System.getProperty("java.class.path").split(":", -1)) {
            // The rest of the class path may lie where nobody cannot read it, and is not needed.
            if (Files.isDirectory(Path.of(entry))) {
                copy(Path.of(entry), classes);
            }
        }
        giveTo(NOBODY, directory);
        List<String> prefix = Stream.of(
                        "unshare",
                        "-m",
                        "sh",
                        "-c",
                        BECOME_NOBODY,
                        "sh",
                        subordinate.toString(),
                        launcher(classes),
                        "enter",
                        "--")
                .toList();
        Process process = StepMain.start(prefix, classes.toString(), "embedded", runtime, spec);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output.strip());
    }

    private static String launcher(Path classes) throws IOException {
        return Launcher.extract(classes).file().toString();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    private static void giveTo(int id, Path tree) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                return visitFile(directory, attributes);
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.setAttribute(file, "unix:uid", id, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(file, "unix:gid", id, LinkOption.NOFOLLOW_LINKS);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Test
    void withSubordinateIdsAStepIsRootAndMayGiveFilesAway() throws Exception {
        giveSubordinateIds();
        StepSpec spec =
                box.shell("busybox id -u; echo x > /tmp/f; busybox chown 33:34 /tmp/f; busybox stat -c %u:%g /tmp/f");
        Result result = run(spec);
        assertThat(result.output()).startsWith("0\n33:34");
        Path file = spec.rootfs().upper().resolve("tmp/f");
        assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(200_000 + 33 - 1);
    }

    @Test
    void withSubordinateIdsAStepRunsAsAnotherUserInTheSameBox() throws Exception {
        giveSubordinateIds();
        Result result = run(box.shell("""
                        busybox id -u; busybox grep CapBnd /proc/self/status; busybox ls /dev | busybox wc -l
                        busybox head -c 2 /dev/zero | busybox wc -c; busybox ls /sys/class/net; echo > /proc/sysrq-trigger""").withUser(new ProcessUser(1000, 0, List.of())));
        assertThat(result.output().lines())
                .startsWith("1000", "CapBnd:\t" + RuntimeContract.STANDARD_CAPABILITIES)
                .contains("2", "lo");
        assertThat(result.exitCode()).isNotZero();
    }

    @Test
    void theHostsNetworkWorksInAUserNamespace() throws Exception {
        giveSubordinateIds();
        String host = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
        Result result = run(box.shell(
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
        giveSubordinateIds();
        String host = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
        Result result = run(box.shell("busybox readlink /proc/self/ns/net; busybox ip route")
                .withNetwork(Network.DEFAULT));
        assertThat(result.output()).startsWith("net:[").doesNotContain(host).contains("default via");
    }

    @Test
    void withASingleIdAStepOfRootRuns() throws Exception {
        Result result = run(box.shell("busybox id -u; busybox cat /proc/self/uid_map; exit 5"));
        assertThat(result.output().lines().map(line -> line.strip().replaceAll(" +", " ")))
                .startsWith("0", "0 65534 1");
        assertThat(result.exitCode()).isEqualTo(5);
    }

    @Test
    void withASingleIdAStepThatFailsIsToldWhyAndWhatToDo() throws Exception {
        Result result = run(box.shell("echo x > /tmp/f; busybox chown 33 /tmp/f"));
        assertThat(result.exitCode()).isNotZero();
        assertThat(result.output()).contains("note: the step ran with a single id", "/etc/subuid", "--add-subuids");
    }

    @Test
    void withASingleIdAStepOfAnotherUserIsRefusedWithTheFix() throws Exception {
        Result result = run(box.shell("true").withUser(new ProcessUser(1000, 0, List.of())));
        assertThat(result.output())
                .contains("RuntimeUnavailableException", "user 1000", "/etc/subuid", "usermod --add-subuids");
        assertThat(result.exitCode()).isNotZero();
    }
}
