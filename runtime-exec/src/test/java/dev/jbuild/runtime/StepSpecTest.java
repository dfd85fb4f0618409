package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepSpecTest {
    private static final Rootfs ROOTFS = new Rootfs(List.of(), Path.of("/u"), Path.of("/w"));
    private static final StepSpec SPEC = StepSpec.of(ROOTFS, List.of("true"));

    @Test
    void aNulWouldCutTheTextSoItIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> StepSpec.of(ROOTFS, List.of("a\0b")));
        assertThatIllegalArgumentException().isThrownBy(() -> SPEC.withEnv(Map.of("A", "b\0c")));
        assertThatIllegalArgumentException().isThrownBy(() -> SPEC.withCwd("/a\0b"));
    }

    @Test
    void aCommandHasAName() {
        assertThatIllegalArgumentException().isThrownBy(() -> StepSpec.of(ROOTFS, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> StepSpec.of(ROOTFS, List.of("")));
    }

    @Test
    void aVariableHasANameWithoutEquals() {
        assertThatIllegalArgumentException().isThrownBy(() -> SPEC.withEnv(Map.of("", "x")));
        assertThatIllegalArgumentException().isThrownBy(() -> SPEC.withEnv(Map.of("A=B", "x")));
    }

    @Test
    void pathsAreAbsolute() {
        assertThatIllegalArgumentException().isThrownBy(() -> SPEC.withCwd("tmp"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Rootfs(List.of(), Path.of("u"), Path.of("/w")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\nb", "ä", "a/b"})
    void aHostNameIsPlain(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> SPEC.withHostname(name));
    }

    @Test
    void aHostNameHasAtMost64Bytes() {
        assertThat(SPEC.withHostname("a".repeat(64)).hostname()).hasSize(64);
        assertThatIllegalArgumentException().isThrownBy(() -> SPEC.withHostname("a".repeat(65)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\nevil 1.2.3.4", "#x"})
    void aHostsEntryIsOneLine(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new HostsEntry("192.0.2.1", text));
        assertThatIllegalArgumentException().isThrownBy(() -> new HostsEntry(text, "host"));
    }

    @Test
    void idsAreThoseOfTheKernel() {
        assertThat(new ProcessUser(0xffff_fffeL, 0, List.of()).uid()).isEqualTo(4_294_967_294L);
        assertThatIllegalArgumentException().isThrownBy(() -> new ProcessUser(0xffff_ffffL, 0, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new ProcessUser(0, -1, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new ProcessUser(0, 0, List.of(-1L)));
    }

    @Test
    void aSearchPathHasAbsoluteDirectoriesAndTheSystems() {
        assertThat(SearchPath.of("/bin::rel:/usr/bin").directories().stream().map(Path::toString))
                .containsExactly("/bin", "/usr/bin", "/usr/local/sbin", "/usr/sbin", "/sbin");
    }

    @Test
    void whatTheLauncherEnteredIsReadFromItsVariable() {
        assertThat(Entered.parse("mapped:")).isEqualTo(new Entered(Entered.Rung.MAPPED, ""));
        assertThat(Entered.parse("single:no: ids")).isEqualTo(new Entered(Entered.Rung.SINGLE, "no: ids"));
        assertThat(Entered.parse("").rung()).isEqualTo(Entered.Rung.NONE);
        assertThat(Entered.parse("other:x").rung()).isEqualTo(Entered.Rung.NONE);
    }
}
