package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A rootfs and a runtime, new for each test, and what a step printed. */
abstract class BoxedSteps implements TestedRuntime {
    @TempDir
    Path directory;

    TestBox box;
    StepRuntime runtime;
    final Captured output = new Captured();

    @BeforeEach
    void createBox() throws IOException {
        box = TestBox.create(Files.createDirectory(directory.resolve("box")));
        runtime = createRuntime(Files.createDirectory(directory.resolve("runtime")));
    }

    StepOutcome run(StepSpec spec) throws IOException, InterruptedException {
        return runtime.run(spec, output);
    }

    /** What a step can do. */
    @FunctionalInterface
    interface Trial {
        void of(String socket) throws IOException, InterruptedException;
    }

    /** Has a process of the host listen at an abstract socket, which a step on the host's network reaches, during a trial. */
    void whileTheHostListens(Trial trial) throws IOException, InterruptedException {
        Probe.installInto(box.base());
        String name = "test-" + ProcessHandle.current().pid();
        Process listener = new ProcessBuilder(box.base().resolve("probe").toString(), "listen", name).start();
        try {
            assertThat(listener.inputReader().readLine()).isEqualTo("listening");
            assertThat(outputOf(box.command("/probe", "connect", name).withNetwork(Network.HOST)))
                    .as("on the host's network it is there")
                    .isEqualTo("0");
            trial.of(name);
        } finally {
            listener.destroyForcibly();
        }
    }

    String outputOf(String script) throws IOException, InterruptedException {
        return outputOf(box.shell(script));
    }

    String outputOf(StepSpec spec) throws IOException, InterruptedException {
        Captured captured = new Captured();
        StepOutcome outcome = runtime.run(spec, captured);
        assertThat(outcome.exitCode()).as("%s%s", captured.err(), outcome).isZero();
        return captured.out().stripTrailing();
    }
}
