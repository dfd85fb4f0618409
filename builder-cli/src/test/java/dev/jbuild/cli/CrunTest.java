package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code --runtime crun}: it wants control groups of version 2 alone, and where there are others it is the one to say so. */
@Tag("root")
@Tag("peer")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CrunTest {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    @TempDir
    Path folder;

    @BeforeEach
    void makeContext() throws IOException {
        assumeThat(System.getProperty("user.name"))
                .as("needs root: no OCI runtime is started without")
                .isEqualTo("root");
        assumeThat(Path.of("/usr/bin/crun")).as("needs crun: apt install crun").isExecutable();
        assumeThat(Path.of("/bin/busybox"))
                .as("needs busybox: apt install busybox-static")
                .isExecutable();
        Path context = Files.createDirectory(folder.resolve("context"));
        Files.copy(Path.of("/bin/busybox"), context.resolve("busybox"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(folder.resolve("Dockerfile"), """
                FROM scratch
                COPY busybox /bin/
                RUN ["/bin/busybox", "touch", "/made"]
                """);
    }

    private InProcessJbuild.Ended build() {
        return new InProcessJbuild(folder.resolve("store"))
                .command(
                        folder,
                        "build",
                        "--progress=plain",
                        "--file=Dockerfile",
                        "--runtime=/usr/bin/crun",
                        "--output=type=local,dest=out",
                        "context");
    }

    private static boolean hasVersion2Alone() {
        return Files.exists(CGROUPS.resolve("cgroup.controllers"));
    }

    @Test
    void onVersion2AloneItRunsTheStep() {
        assumeThat(hasVersion2Alone())
                .as("needs control groups of version 2 alone")
                .isTrue();
        InProcessJbuild.Ended ended = build();
        assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.OK);
        assertThat(folder.resolve("out/made")).isEmptyFile();
    }

    @Test
    void besideVersion1TheErrorIsOneLineInItsOwnWordsAndNothingIsLeft() throws IOException {
        assumeThat(hasVersion2Alone())
                .as("needs control groups of version 1, or both versions")
                .isFalse();
        InProcessJbuild.Ended ended = build();
        assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.BUILD_FAILED);
        assertThat(ended.err()).contains("RUN [\"/bin/busybox\", \"touch\", \"/made\"]");
        assertThat(ended.err().lines().filter(line -> line.startsWith("ERROR: ")))
                .singleElement()
                .asString()
                .contains("/usr/bin/crun", "cgroups in hybrid mode not supported");
        assertThat(folder.resolve("out")).doesNotExist();
        assertThat(folder.resolve("store/run/bundles")).isEmptyDirectory();
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(folder.toString());
        assertThat(cgroupsOfThisBuilder()).isEmpty();
    }

    /** An OCI runtime's are named after the builder, and stand at the top of each hierarchy. */
    private static List<Path> cgroupsOfThisBuilder() throws IOException {
        String name = "jbuild-" + ProcessHandle.current().pid() + "-";
        try (Stream<Path> cgroups = Files.find(
                CGROUPS, 2, (path, _) -> path.getFileName().toString().startsWith(name))) {
            return cgroups.toList();
        }
    }
}
