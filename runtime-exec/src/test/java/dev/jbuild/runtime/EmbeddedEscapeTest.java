package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EmbeddedEscapeTest extends EscapeContract implements UnderTheLauncher {
    // An OCI runtime makes the command itself the first process.
    @Test
    void theFirstProcessCanNeitherBeTracedNorReadNorKilled() throws Exception {
        Probe.installInto(box.base());
        int ptrace = table().number("ptrace").orElseThrow();
        assertThat(outputOf("/probe call " + ptrace + " 16 1"))
                .as("ptrace(PTRACE_ATTACH, 1)")
                .isEqualTo("errno 1");
        assertThat(run(box.shell("busybox head -c 1 /proc/1/mem")).exitCode()).isNotZero();
        assertThat(run(box.shell("busybox cat /proc/1/environ")).exitCode()).isNotZero();
        assertThat(outputOf("kill -KILL 1 2>/dev/null; echo alive")).isEqualTo("alive");
    }
}
