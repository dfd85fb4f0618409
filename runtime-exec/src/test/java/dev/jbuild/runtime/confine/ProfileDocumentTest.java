package dev.jbuild.runtime.confine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.runtime.confine.ProfileDocument.Situation;
import dev.jbuild.runtime.confine.SeccompProfile.Action;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileDocumentTest {
    private static final int ALLOW = Action.ALLOW.code();
    private static final int EPERM = Action.errno(1).code();
    private static final Set<Capability> NONE = EnumSet.noneOf(Capability.class);

    private static ProfileDocument document(String... rules) {
        return parse("{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [" + String.join(",", rules) + "]}");
    }

    private static ProfileDocument parse(String json) {
        return ProfileDocument.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String allow(String name, String more) {
        return "{\"names\": [\"" + name + "\"], \"action\": \"SCMP_ACT_ALLOW\"" + more + "}";
    }

    private static int answer(ProfileDocument document, Situation situation, String name, long... arguments) {
        SyscallTable table = SyscallTable.of(situation.architecture());
        byte[] program = BpfCompiler.compile(document.resolve(situation), table);
        return new BpfMachine(program)
                .answer(situation.architecture().auditArch(), table.number(name).orElseThrow(), arguments);
    }

    private static int answer(ProfileDocument document, String name, long... arguments) {
        return answer(document, new Situation(Architecture.X86_64, NONE, "6.12.3-amd64"), name, arguments);
    }

    @ParameterizedTest
    @EnumSource
    void aCallIsAllowedByNameAndTheOthersFail(Architecture architecture) {
        Situation situation = new Situation(architecture, NONE, "6.1.0");
        ProfileDocument document = document(allow("read", ""));
        assertThat(answer(document, situation, "read")).isEqualTo(ALLOW);
        assertThat(answer(document, situation, "write")).isEqualTo(EPERM);
    }

    @ParameterizedTest
    @CsvSource({
        "SCMP_CMP_EQ, 7, 7, 8",
        "SCMP_CMP_NE, 7, 8, 7",
        "SCMP_CMP_LT, 7, 6, 7",
        "SCMP_CMP_LE, 7, 7, 8",
        "SCMP_CMP_GT, 7, 4294967296, 7",
        "SCMP_CMP_GE, 7, 7, 6"
    })
    void anArgumentIsCompared(String operator, long value, long passing, long failing) {
        ProfileDocument document = document(allow(
                "socket", ", \"args\": [{\"index\": 1, \"op\": \"%s\", \"value\": %d}]".formatted(operator, value)));
        assertThat(answer(document, "socket", 99, passing)).isEqualTo(ALLOW);
        assertThat(answer(document, "socket", 99, failing)).isEqualTo(EPERM);
    }

    @Test
    void anArgumentIsComparedUnderAMask() {
        ProfileDocument document = document(
                allow(
                        "clone",
                        ", \"args\": [{\"index\": 0, \"op\": \"SCMP_CMP_MASKED_EQ\", \"value\": 2114060288, \"valueTwo\": 0}]"));
        assertThat(answer(document, "clone", 0x11)).isEqualTo(ALLOW);
        assertThat(answer(document, "clone", 0x1000_0011)).isEqualTo(EPERM);
    }

    @Test
    void allConditionsOnDifferentArgumentsMustHoldButOneOfThoseOnTheSame() {
        String both = "[{\"index\": 0, \"op\": \"SCMP_CMP_EQ\", \"value\": 1},"
                + "{\"index\": %d, \"op\": \"SCMP_CMP_EQ\", \"value\": 2}]";
        ProfileDocument different = document(allow("socket", ", \"args\": " + both.formatted(1)));
        assertThat(answer(different, "socket", 1, 2)).isEqualTo(ALLOW);
        assertThat(answer(different, "socket", 1, 0)).isEqualTo(EPERM);
        ProfileDocument same = document(allow("socket", ", \"args\": " + both.formatted(0)));
        assertThat(answer(same, "socket", 1)).isEqualTo(ALLOW);
        assertThat(answer(same, "socket", 2)).isEqualTo(ALLOW);
        assertThat(answer(same, "socket", 3)).isEqualTo(EPERM);
    }

    @Test
    void aRuleHoldsOnlyWithTheCapabilitiesItIncludes() {
        ProfileDocument document = document(allow("bpf", ", \"includes\": {\"caps\": [\"CAP_SYS_ADMIN\"]}"));
        Situation admin =
                new Situation(Architecture.X86_64, EnumSet.of(Capability.SYS_ADMIN, Capability.CHOWN), "6.1.0");
        assertThat(answer(document, admin, "bpf")).isEqualTo(ALLOW);
        assertThat(answer(document, "bpf")).isEqualTo(EPERM);
    }

    @Test
    void aRuleHoldsOnlyWithoutTheCapabilitiesItExcludes() {
        ProfileDocument document = document(allow("chown", ", \"excludes\": {\"caps\": [\"CAP_CHOWN\"]}"));
        Situation owner = new Situation(Architecture.X86_64, EnumSet.of(Capability.CHOWN), "6.1.0");
        assertThat(answer(document, owner, "chown")).isEqualTo(EPERM);
        assertThat(answer(document, "chown")).isEqualTo(ALLOW);
    }

    @Test
    void aRuleHoldsOnlyOnTheMachinesItIncludes() {
        ProfileDocument document = document(allow("mount", ", \"includes\": {\"arches\": [\"arm64\"]}"));
        assertThat(answer(document, "mount")).isEqualTo(EPERM);
        assertThat(answer(document, new Situation(Architecture.AARCH64, NONE, "6.1.0"), "mount"))
                .isEqualTo(ALLOW);
    }

    @ParameterizedTest
    @CsvSource({"4.8, true", "6.12, true", "6.13, false", "7.0, false"})
    void aRuleHoldsOnlyFromTheKernelItIncludes(String least, boolean holds) {
        ProfileDocument document = document(allow("ptrace", ", \"includes\": {\"minKernel\": \"" + least + "\"}"));
        assertThat(answer(document, "ptrace")).isEqualTo(holds ? ALLOW : EPERM);
    }

    @Test
    void aRuleWithoutConditionsWinsOverOneWith() {
        ProfileDocument document = document(
                allow("socket", ", \"args\": [{\"index\": 0, \"op\": \"SCMP_CMP_EQ\", \"value\": 1}]"),
                "{\"names\": [\"socket\"], \"action\": \"SCMP_ACT_KILL_PROCESS\"}");
        assertThat(answer(document, "socket", 1)).isEqualTo(Action.KILL.code());
    }

    @Test
    void anErrnoIsTheRulesOwnAndEpermWhenItNamesNone() {
        ProfileDocument document = document(
                "{\"name\": \"clone3\", \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 38}",
                "{\"name\": \"mount\", \"action\": \"SCMP_ACT_ERRNO\"}");
        assertThat(answer(document, "clone3")).isEqualTo(Action.errno(38).code());
        assertThat(answer(document, "mount")).isEqualTo(EPERM);
    }

    @Test
    void aCallThatNoMachineHasIsIdle() {
        assertThat(answer(document(allow("socketcall", ""), allow("read", "")), "read"))
                .isEqualTo(ALLOW);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{",
                "{\"defaultAction\": \"SCMP_ACT_NOTHING\"}",
                "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"action\": \"SCMP_ACT_ALLOW\"}]}",
                "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"name\": \"read\", \"action\": \"SCMP_ACT_TRACE\"}]}",
                "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"name\": \"read\", \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{\"index\": 6, \"op\": \"SCMP_CMP_EQ\"}]}]}",
                "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"name\": \"read\", \"action\": \"SCMP_ACT_ALLOW\", \"includes\": {\"caps\": [\"CAP_X\"]}}]}",
                "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"name\": \"read\", \"action\": \"SCMP_ACT_ALLOW\", \"includes\": {\"minKernel\": \"new\"}}]}"
            })
    void whatIsNotAProfileIsRefusedBeforeAnythingRuns(String json) {
        assertThatThrownBy(() -> parse(json)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aProfileHasALimitOfBytes() {
        byte[] most = ("{\"defaultAction\": \"SCMP_ACT_ALLOW\"}" + " ".repeat(ProfileDocument.MAX_BYTES))
                .substring(0, ProfileDocument.MAX_BYTES)
                .getBytes(StandardCharsets.US_ASCII);
        assertThat(ProfileDocument.parse(most)).isNotNull();
        byte[] more = new byte[ProfileDocument.MAX_BYTES + 1];
        assertThatThrownBy(() -> ProfileDocument.parse(more)).hasMessageContaining("at most");
    }
}
