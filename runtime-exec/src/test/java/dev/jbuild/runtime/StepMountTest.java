package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.jbuild.runtime.StepMount.Host;
import dev.jbuild.runtime.StepMount.Layers;
import dev.jbuild.runtime.StepMount.Memory;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepMountTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "/", "m", "/m/", "//m", "/a/../b", "/./a", "/a/.", "/a/..", "/a\0b"})
    void aTargetIsACleanAbsolutePath(String target) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Memory(target, OptionalLong.empty(), false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc", "/proc/self", "/sys", "/sys/fs/cgroup", "/dev"})
    void whatConfinesTheStepIsNoTarget(String target) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Memory(target, OptionalLong.empty(), false))
                .withMessageContaining(target);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/process", "/dev/shm", "/dev/pipes/EOF", "/..a", "/a..", "/a/.b"})
    void whatOnlyLooksSoIsATarget(String target) {
        assertThat(new Memory(target, OptionalLong.empty(), false).target()).isEqualTo(target);
    }

    @Test
    void sourcesAreAbsolute() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Host("/m", Path.of("x"), true, false));
        assertThatIllegalArgumentException().isThrownBy(() -> new Layers("/m", List.of(), "x", true, false));
    }
}
