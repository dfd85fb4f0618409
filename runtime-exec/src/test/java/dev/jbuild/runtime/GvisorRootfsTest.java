package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class GvisorRootfsTest extends RootfsContract implements UnderGvisor {
    @Test
    void aFileInAnEmptyTmpReachesTheLayerAndNothingElse() throws Exception {
        StepSpec spec = box.shell("echo x > /tmp/mine");
        assertThat(run(spec).exitCode()).isZero();
        assertThat(TestBox.changes(spec)).containsExactly("tmp", "tmp/mine");
    }

    @Test
    void aTmpThatIsAFileStaysOne() throws Exception {
        Files.delete(box.base().resolve("tmp"));
        box.writeTo(box.base(), "tmp", "of the image");
        StepSpec spec = box.shell("busybox cat /tmp");
        assertThat(outputOf(spec)).isEqualTo("of the image");
        assertThat(TestBox.changes(spec)).isEmpty();
    }
}
