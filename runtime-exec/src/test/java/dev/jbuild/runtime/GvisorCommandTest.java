package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

class GvisorCommandTest extends CommandContract implements UnderGvisor {
    @Override
    @Test
    @Disabled("gVisor's /proc/self/status has no lines for signals")
    void noSignalIsBlockedOrIgnored() {}

    @Override
    @Test
    @Disabled("runsc ends without passing the signal on to the step")
    void anInterruptedThreadEndsTheStep() {}

    @Override
    @Test
    void aKilledBuilderLeavesNoProcessNoMountAndNoCgroup() throws Exception {
        // The processes of the step are gVisor's own; the host sees those of runsc, which name the folder.
        Process builder =
                StepMain.start(kind(), directory.resolve("runtime"), box.shell("echo up; while :; do :; done"));
        assertThat(builder.inputReader().readLine()).isEqualTo("up");
        builder.destroyForcibly().waitFor();
        awaitNothing(() -> Sleeper.pidsWith(directory.toString()));
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(directory.toString());
        assertThat(directory.resolve("runtime/runtime")).isEmptyDirectory();
        run(box.shell("true"));
        assertThat(cgroupsOf(builder.pid())).as("after the next step").isEmpty();
    }
}
