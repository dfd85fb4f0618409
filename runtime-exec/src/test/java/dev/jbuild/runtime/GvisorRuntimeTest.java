package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same promises under gVisor, but for those that its own kernel keeps in another way. */
@Tag("peer")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class GvisorRuntimeTest extends RuntimeContract {
    @Override
    String kind() {
        return Runsc.KIND;
    }

    @Override
    StepRuntime createRuntime(Path directory) throws IOException {
        return Runsc.runtime(directory);
    }

    @Test
    void aFileInAnEmptyTmpReachesTheLayerAndNothingElse() throws Exception {
        StepSpec spec = box.shell("echo x > /tmp/mine");
        assertThat(run(spec).exitCode()).isZero();
        assertThat(TestBox.changes(spec)).containsExactly("tmp", "tmp/mine");
    }

    @Override
    @Test
    void rootHasExactlyTheElevenCapabilities() throws Exception {
        // Its /proc/self/status has no line for the ambient ones.
        assertThat(outputOf("busybox grep Cap /proc/self/status").lines())
                .containsExactly(
                        "CapInh:\t0000000000000000",
                        "CapPrm:\t" + STANDARD_CAPABILITIES,
                        "CapEff:\t" + STANDARD_CAPABILITIES,
                        "CapBnd:\t" + STANDARD_CAPABILITIES);
    }

    @Override
    @Test
    @Disabled("gVisor starts every program without setuid")
    void aSetuidProgramWorksForAUser() {}

    @Override
    @Test
    @Disabled("gVisor's /proc/self/status has no line for it")
    void noNewPrivilegesIsAnOption() {}

    @Override
    @Test
    @Disabled("gVisor's /proc/self/status has no lines for signals")
    void noSignalIsBlockedOrIgnored() {}

    @Override
    @Test
    @Disabled("gVisor's /proc has none of these files; EscapeContract reads what there is")
    void dangerousPathsAreMasked() {}

    @Override
    @Test
    @Disabled("gVisor's processes are in namespaces of its own kernel, which it numbers from 1")
    void theNamespacesAreNotTheHosts() {}

    @Override
    @Test
    @Disabled("gVisor's processes are in namespaces of its own kernel, which it numbers from 1")
    void theHostsNetworkIsUsedOnlyWhenAsked() {}

    @Override
    @Test
    @Disabled("gVisor has no personality(2)")
    void usualSystemCallsWork() {}

    @Override
    @Test
    @Disabled("gVisor's own kernel is the filter; it does not keep a step's")
    void filteredSystemCallsFail() {}

    @Override
    @Test
    @Disabled("gVisor's own kernel is the filter; it does not keep a step's")
    void aFilterOfTheUsersIsKept() {}

    @Override
    @Test
    @Disabled("gVisor's own kernel is the filter; it does not keep a step's")
    void anAddedCapabilityIsThereAndOpensItsSystemCalls() {}

    @Override
    @Test
    @Disabled("runsc ends without passing the signal on to the step")
    void anInterruptedThreadEndsTheStep() {}

    @Override
    @Test
    void aKilledBuilderLeavesNoProcessNoMountAndNoCgroup() throws Exception {
        // The processes of the step are gVisor's own; the host sees those of runsc, which name the folder. What runsc
        // wrote
        // down of the step is gone when its delete, which the launcher starts, comes to its end.
        Path state = directory.resolve("runtime/runtime");
        Process builder =
                StepMain.start(kind(), directory.resolve("runtime"), box.shell("echo up; while :; do :; done"));
        assertThat(builder.inputReader().readLine()).isEqualTo("up");
        builder.destroyForcibly().waitFor();
        awaitNothing(() -> entries(state).toList());
        awaitNothing(() -> Sleeper.pidsWith(directory.toString()));
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(directory.toString());
    }
}
