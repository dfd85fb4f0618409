package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An image brings the programs that builders have called on the host; each would tell on this machine that it was run. */
@Tag("root")
final class ProgramsOfTheImageTest {
    private static final List<String> PROGRAMS = List.of(
            "gzip",
            "gunzip",
            "unpigz",
            "zstd",
            "xz",
            "tar",
            "newuidmap",
            "newgidmap",
            "pasta",
            "slirp4netns",
            "mount",
            "git",
            "runc",
            "crun",
            "id",
            "getent");

    @TempDir
    private Path folder;

    @Test
    void noProgramOfTheImageRunsOnTheHost() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "needs root, to run a step");
        Path busybox = Path.of("/bin/busybox");
        assumeTrue(Files.isExecutable(busybox), "needs /bin/busybox: apt install busybox-static");
        Path context = Files.createDirectory(folder.resolve("context"));
        Path canary = folder.resolve("canary");
        writePrograms(Files.createDirectory(context.resolve("programs")), canary);
        Files.copy(busybox, context.resolve("busybox"));
        Files.writeString(context.resolve("passwd"), "app:x:7:7::/:/bin/sh\n");
        try (OutputStream archive = new GZIPOutputStream(Files.newOutputStream(context.resolve("a.tar.gz")))) {
            archive.write(new byte[1024]);
        }
        Files.writeString(context.resolve("Dockerfile"), """
                FROM scratch
                COPY busybox /bin/busybox
                COPY passwd /etc/passwd
                COPY programs /usr/bin/
                COPY programs /bin/
                COPY programs /usr/sbin/
                ADD a.tar.gz /
                COPY --chown=app passwd /copy
                USER app
                RUN ["/bin/busybox", "true"]
                """);

        build(context, folder.resolve("image.tar"));

        assertThat(folder.resolve("image.tar")).isNotEmptyFile();
        assertThat(canary).doesNotExist();
        // The canary works: run here, such a program tells.
        new ProcessBuilder(context.resolve("programs/gzip").toString()).start().waitFor();
        assertThat(canary).exists();
    }

    private static void writePrograms(Path place, Path canary) throws IOException {
        for (String program : PROGRAMS) {
            Path file = Files.writeString(place.resolve(program), "#!/bin/busybox sh\necho $0 >> " + canary + "\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private void build(Path context, Path image) {
        InProcessJbuild.Ended ended = new InProcessJbuild(folder.resolve("store"))
                .command(folder, "build", "--network=none", "-o", "type=docker,dest=" + image, context.toString());
        assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.OK);
    }
}
