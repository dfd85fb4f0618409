package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GvisorRootfsTest extends RootfsContract implements UnderGvisor {
    @Test
    void aFileInAnEmptyTmpReachesTheLayerAndNothingElse() throws Exception {
        StepSpec spec = box.shell("echo x > /tmp/mine");
        assertThat(run(spec).exitCode()).isZero();
        assertThat(TestBox.changes(spec)).containsExactly("tmp", "tmp/mine");
    }
}
