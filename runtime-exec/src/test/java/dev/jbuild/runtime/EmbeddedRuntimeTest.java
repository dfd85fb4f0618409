package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EmbeddedRuntimeTest extends RuntimeContract {
    @Override
    String kind() {
        return "embedded";
    }

    @Test
    void aSignalEndsAsItsNumberAbove128() throws Exception {
        assertThat(run(box.shell("kill -TERM $$")).exitCode()).isEqualTo(143);
        assertThat(run(box.shell("kill -KILL $$")).exitCode()).isEqualTo(137);
    }

    @Test
    void theInitCannotBeReachedFromInside() throws Exception {
        assertThat(run(box.shell("busybox readlink /proc/1/exe")).exitCode()).isNotZero();
        assertThat(run(box.shell("echo x > /proc/1/exe")).exitCode()).isNotZero();
        assertThat(run(box.shell("busybox ls /proc/1/root/")).exitCode()).isNotZero();
    }

    @Test
    void standardInputIsTheNullDevice() throws Exception {
        assertThat(outputOf("busybox readlink /proc/self/fd/0")).isEqualTo("/dev/null");
    }

    @Test
    void theInitsMemoryDoesNotNamePathsOfTheHost() throws Exception {
        assertThat(outputOf("busybox cat /proc/1/cmdline")).doesNotContain("/");
    }
}
