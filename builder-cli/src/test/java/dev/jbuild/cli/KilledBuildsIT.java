package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The builder is killed at random moments of a build with RUN: nothing of its steps may be left. */
@Tag("root")
final class KilledBuildsIT {
    private static final int KILLS = Integer.getInteger("jbuild.kills", 4);
    private static final long SEED = Long.getLong("jbuild.kills.seed", 1);
    private static final String MARK = "JBUILD_TEST_MARK=";

    // Each step leaves processes behind that want to outlive it.
    private static final String DOCKERFILE = """
            FROM scratch
            COPY busybox /bin/busybox
            SHELL ["/bin/busybox", "sh", "-c"]
            ENV THE_MARK
            RUN busybox setsid busybox sleep 999 & busybox sleep 0.2; busybox dd if=/dev/zero of=/a bs=1M count=20
            RUN (busybox sleep 998 &) ; busybox sleep 0.3; busybox mkdir /d; echo x > /d/x
            RUN --mount=type=cache,target=/c --mount=type=tmpfs,target=/t echo x > /c/x; busybox sleep 0.2; busybox rm -r /d
            """;

    private final String mark = MARK + UUID.randomUUID();
    private final FileTime began = FileTime.from(Instant.now());
    private Path directory;
    private Distribution jbuild;

    @BeforeEach
    void writeContext() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "needs root, whose steps have cgroups");
        assumeTrue(Files.isExecutable(Path.of("/bin/busybox")), "needs /bin/busybox: apt install busybox-static");
        directory = Files.createTempDirectory("jbuild-killed-");
        jbuild = Distribution.ofThisBuild(directory);
        Path context = Files.createDirectory(directory.resolve("context"));
        Files.copy(Path.of("/bin/busybox"), context.resolve("busybox"));
        Files.writeString(context.resolve("Dockerfile"), DOCKERFILE.replace("THE_MARK", mark));
    }

    @AfterEach
    void removeAll() throws Exception {
        if (directory != null) {
            new ProcessBuilder("rm", "-rf", "--one-file-system", directory.toString())
                    .start()
                    .waitFor();
        }
    }

    @Test
    void noProcessMountCgroupOrTemporaryFileIsLeft() throws Exception {
        long millis = buildToItsEnd();
        Random random = new Random(SEED);
        for (int i = 0; i < KILLS; i++) {
            killAfter((long) (random.nextDouble() * millis));
        }
        // Other builds of this machine may be killed meanwhile: the next start reaps what it finds.
        List<String> cgroups = cgroupsOfTheDead();
        buildToItsEnd();
        assertThat(entries(directory.resolve("root/sessions")))
                .as("temporary files")
                .isEmpty();
        assertThat(entries(directory.resolve("root/run")))
                .as("files of runtimes")
                .allMatch("jbuild-launcher"::equals);
        assertThat(cgroups).as("cgroups").noneMatch(cgroup -> Files.exists(Path.of(cgroup)));
    }

    private List<String> words() {
        return List.of(
                "--no-cache",
                "--network=none",
                "--progress=plain",
                directory.resolve("context").toString());
    }

    private Process start() throws IOException {
        int equals = mark.indexOf('=');
        Map<String, String> environment = Map.of(mark.substring(0, equals), mark.substring(equals + 1));
        return jbuild.start(jbuild.program(), environment, words(), log(), log());
    }

    private Path log() {
        return directory.resolve("log");
    }

    private long buildToItsEnd() throws Exception {
        long began = System.nanoTime();
        Process process = start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log())).isZero();
        new Leftovers(directory, mark).requireNone("of a build");
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }

    private void killAfter(long millis) throws Exception {
        Process process = start();
        process.waitFor(millis, TimeUnit.MILLISECONDS);
        process.destroyForcibly().waitFor();
        new Leftovers(directory, mark).requireNone("of a build");
    }

    /** Cgroups are named after the launcher that made them. */
    private List<String> cgroupsOfTheDead() throws IOException {
        List<String> dead = new ArrayList<>();
        try (Stream<Path> files = Files.find(Path.of("/sys/fs/cgroup"), 8, this::isOfThisTest)) {
            for (Path cgroup : (Iterable<Path>) files::iterator) {
                String name = cgroup.getFileName().toString();
                if (name.matches("jbuild-[0-9]+")
                        && !Files.exists(Path.of("/proc", name.substring("jbuild-".length())))) {
                    dead.add(cgroup.toString());
                }
            }
        }
        return dead;
    }

    private boolean isOfThisTest(Path cgroup, BasicFileAttributes attributes) {
        return attributes.isDirectory() && attributes.lastModifiedTime().compareTo(began) >= 0;
    }

    private static List<String> entries(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
