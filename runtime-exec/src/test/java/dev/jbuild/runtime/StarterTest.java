package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Steps of a JVM that was started through the launcher, as jbuild is. */
@Tag("root")
class StarterTest {
    @TempDir
    private Path directory;

    private TestBox box;
    private Path runtime;

    @BeforeEach
    void prepare() throws IOException {
        box = TestBox.create(directory);
        runtime = Files.createDirectory(directory.resolve("runtime"));
    }

    private Process start(StepSpec spec, String... through) throws IOException {
        List<String> prefix =
                new ArrayList<>(List.of(TestBox.launcher(directory).file().toString(), "enter", "--"));
        prefix.addAll(List.of(through));
        return StepMain.prepare(prefix, System.getProperty("java.class.path"), "embedded", runtime, spec)
                .redirectErrorStream(true)
                .start();
    }

    private static List<ProcessHandle> children(ProcessHandle process, String name) {
        try (Stream<ProcessHandle> children = process.children()) {
            return children.filter(child -> nameOf(child).equals(name)).toList();
        }
    }

    // One that ended meanwhile has no name.
    private static String nameOf(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "comm"))
                    .strip();
        } catch (IOException ended) {
            return "";
        }
    }

    @Test
    void theLauncherOfAStepIsAChildOfTheStarterAndNotOfTheJvm() throws Exception {
        Sleeper sleeper = new Sleeper(4261);
        Process jvm = start(box.shell("echo up; " + sleeper.command()));
        try {
            assertThat(jvm.inputReader().readLine()).isEqualTo("up");
            assertThat(children(jvm.toHandle(), "jbuild-step")).isEmpty();
            ProcessHandle starter = children(jvm.toHandle(), "jbuild-starter").getFirst();
            assertThat(children(starter, "jbuild-step")).hasSize(1);
            assertThat(sleeper.pids()).hasSize(1);
        } finally {
            jvm.destroyForcibly().waitFor();
        }
    }

    @Test
    void aKilledJvmLeavesNeitherTheStarterNorItsStep() throws Exception {
        Sleeper sleeper = new Sleeper(4262);
        Process jvm = start(box.shell("echo up; " + sleeper.command()));
        assertThat(jvm.inputReader().readLine()).isEqualTo("up");
        ProcessHandle starter = children(jvm.toHandle(), "jbuild-starter").getFirst();
        jvm.destroyForcibly().waitFor();
        starter.onExit().get();
        CommandContract.awaitNothing(sleeper::pids);
    }

    @Test
    void theExitCodeAndTheOutputAreTheSteps() throws Exception {
        Process jvm = start(box.shell("echo out; exit 7"));
        assertThat(jvm.inputReader().readAllAsString()).startsWith("out\n");
        assertThat(jvm.waitFor()).isEqualTo(7);
    }

    @Test
    void withoutItsStarterTheJvmStartsTheLauncherItself() throws Exception {
        String script = "read children < /proc/$$/task/$$/children; kill -9 $children; exec \"$@\"";
        Process jvm = start(box.shell("echo up"), "/bin/sh", "-c", script, "sh");
        assertThat(jvm.inputReader().readAllAsString()).startsWith("up\n");
        assertThat(jvm.waitFor()).isZero();
    }

    @Test
    @Timeout(60)
    void whoReadsTheOutputOfACommandDoesNotWaitForTheStarter() throws Exception {
        Path gate = Files.createFile(directory.resolve("gate"));
        // The command's child keeps the socket, and with it the starter, while the gate is there.
        String script = "(while [ -e " + gate + " ]; do sleep 0.1; done) >/dev/null 2>&1 & echo done";
        Process command = new ProcessBuilder(
                        TestBox.launcher(directory).file().toString(), "enter", "--", "/bin/sh", "-c", script)
                .redirectErrorStream(true)
                .start();
        assertThat(command.inputReader().readAllAsString()).isEqualTo("done\n");
        Files.delete(gate);
    }
}
