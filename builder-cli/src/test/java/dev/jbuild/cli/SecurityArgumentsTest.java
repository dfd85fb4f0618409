package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.runtime.StepSecurity;
import dev.jbuild.runtime.StepSecurity.Filter;
import dev.jbuild.runtime.confine.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecurityArgumentsTest {
    @TempDir
    private Path directory;

    private StepSecurity security(String... flags) throws UsageException {
        return new SecurityArguments(new ArgumentParser(Command.BUILD).parse(Arrays.asList(flags)), directory)
                .security();
    }

    @Test
    void withoutFlagsItIsTheStandard() throws UsageException {
        assertThat(security()).isEqualTo(StepSecurity.STANDARD);
    }

    @Test
    void capabilitiesAreAddedAndDroppedByName() throws UsageException {
        assertThat(security("--cap-add", "NET_RAW", "--cap-add=cap_mknod", "--cap-drop", "CHOWN")
                        .capabilities())
                .hasSize(12)
                .contains(Capability.NET_RAW, Capability.MKNOD)
                .doesNotContain(Capability.CHOWN);
    }

    @Test
    void allIsTakenFirst() throws UsageException {
        assertThat(security("--cap-add", "CHOWN", "--cap-drop", "all").capabilities())
                .containsExactly(Capability.CHOWN);
        assertThat(security("--cap-add", "ALL", "--cap-drop", "SYS_ADMIN").capabilities())
                .hasSize(40)
                .doesNotContain(Capability.SYS_ADMIN);
    }

    @Test
    void anUnknownCapabilityIsNamed() {
        assertThatThrownBy(() -> security("--cap-add", "NET_ROW"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--cap-add", "NET_ROW");
    }

    @Test
    void theFilterIsAFilesOrNone() throws Exception {
        Files.writeString(directory.resolve("p.json"), "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}");
        assertThat(security("--security-opt", "seccomp=unconfined").filter()).isEqualTo(new Filter.None());
        assertThat(security("--security-opt", "seccomp=p.json").filter()).isInstanceOf(Filter.Custom.class);
        assertThatThrownBy(() -> security("--security-opt", "seccomp=none.json"))
                .hasMessageContaining("none.json");
    }

    @Test
    void aFileThatIsNoProfileIsNamedWithItsMistake() throws IOException {
        Files.writeString(directory.resolve("p.json"), "{\"defaultAction\": \"SCMP_ACT_MAYBE\"}");
        assertThatThrownBy(() -> security("--security-opt", "seccomp=p.json"))
                .hasMessageContaining("p.json")
                .hasMessageContaining("SCMP_ACT_MAYBE");
    }

    @Test
    void privilegesAndLabelsAreRead() throws UsageException {
        assertThat(security("--security-opt", "no-new-privileges").noNewPrivileges())
                .isTrue();
        assertThat(security("--security-opt=no-new-privileges:false").noNewPrivileges())
                .isFalse();
        assertThat(security("--security-opt", "apparmor=mine").apparmor()).hasValue("mine");
        assertThat(security("--security-opt", "apparmor=unconfined").apparmor()).isEmpty();
        assertThat(security("--security-opt", "label=type:my_t", "--security-opt", "label=level:s0:c1,c2")
                        .selinux())
                .hasValue("system_u:system_r:my_t:s0:c1,c2");
        assertThat(security("--security-opt", "label=disable").selinux()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "label=x", "systempaths=unconfined", "no-new-privileges=maybe"})
    void whatIsUnknownIsRefused(String option) {
        assertThatThrownBy(() -> security("--security-opt", option)).isInstanceOf(UsageException.class);
    }
}
