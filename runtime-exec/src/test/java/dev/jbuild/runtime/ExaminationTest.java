package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExaminationTest {
    @TempDir
    Path directory;

    private Examination examination;
    private Path store;

    @BeforeEach
    void prepare() throws IOException {
        Path own = Files.createDirectory(directory.resolve("own"));
        store = directory.resolve("store");
        examination = new Examination(
                TestBox.launcher(own), SearchPath.of("/usr/bin"), Entered.parse("none:not started through it"));
    }

    @Test
    void theKernelAndTheDiskAreAsked() throws Exception {
        Findings found = examination.examine(store.resolve("not/yet/there"));
        assertThat(found.kernel()).containsOnlyKeys("user-namespace", "user-overlay", "landlock", "seccomp");
        assertThat(found.freeBytes()).isPositive();
        assertThat(found.programs().contains("newuidmap")).isEqualTo(Files.exists(Path.of("/usr/bin/newuidmap")));
    }

    @Test
    @Tag("root")
    void aStepIsRunForTrialAndLeavesNothing() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
        assertThat(examination.examine(store).trial()).isEmpty();
        try (var left = Files.list(directory)) {
            assertThat(left.map(Path::getFileName)).containsExactly(Path.of("own"));
        }
    }
}
