package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./jbuild} in a folder of sources that are newer than the program; Maven is another program here. */
class SourceWrapperTest {
    @TempDir
    private Path folder;

    private Path program;

    @BeforeEach
    void copyTheWrapper() throws IOException {
        Path shared = Files.createDirectories(folder.resolve("builder-cli/src/distribution"));
        Files.createDirectories(folder.resolve("builder-cli/src/main"));
        Files.copy(Path.of("../jbuild"), folder.resolve("jbuild"));
        Files.copy(Path.of("src/distribution/machine.sh"), shared.resolve("machine.sh"));
        Files.createFile(folder.resolve("pom.xml"));
        Files.createFile(folder.resolve("builder-cli/pom.xml"));
        program = script("builder-cli/target/jbuild/bin/jbuild", "echo the program");
        Files.setLastModifiedTime(program, FileTime.from(Instant.EPOCH));
    }

    @Test
    void aBuildThatFailsIsToldAndTheOldProgramNotRun() throws Exception {
        // As a Maven that colours its output ends: without the end of a line.
        script("bin/mvn", "echo '[ERROR] it does not compile'; printf '\\033[0m'; exit 1");

        Ended ended = run();

        assertThat(ended.code()).isEqualTo(70);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("it does not compile", "jbuild: the build failed; its log is");
        assertThat(run().code()).as("the next one").isEqualTo(70);
    }

    @Test
    void aBuildThatSucceedsIsDoneOnce() throws Exception {
        script("bin/mvn", "echo built >>" + folder.resolve("times") + "; printf '\\033[0m'");

        assertThat(run().out()).isEqualTo("the program\n");
        assertThat(run().out()).isEqualTo("the program\n");

        assertThat(folder.resolve("times")).hasContent("built");
    }

    private record Ended(int code, String out, String err) {}

    private Ended run() throws IOException, InterruptedException {
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(folder.resolve("jbuild").toString(), "version");
        builder.environment().merge("PATH", folder.resolve("bin").toString(), (path, first) -> first + ":" + path);
        Process process = builder.redirectError(err.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out, Files.readString(err));
    }

    private Path script(String name, String commands) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, "#!/bin/sh\n" + commands + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
