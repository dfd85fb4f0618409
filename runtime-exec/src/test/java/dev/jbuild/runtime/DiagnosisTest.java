package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.runtime.Diagnosis.Check;
import dev.jbuild.runtime.Diagnosis.State;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiagnosisTest {
    private static final Map<String, Integer> KERNEL =
            Map.of("user-namespace", 0, "user-overlay", 0, "landlock", 5, "seccomp", 1);
    private static final Set<String> CONTROLLERS = Set.of("pids", "memory", "cpu", "cpuset");
    private static final Set<String> PROGRAMS = Set.of("newuidmap", "newgidmap", "pasta");

    private static final Findings BEST = new Findings(
            Entered.parse("root:"), Optional.empty(), KERNEL, CONTROLLERS, PROGRAMS, List.of("aarch64"), 1L << 40);

    private static Check check(Findings found, String thing) {
        return Diagnosis.of(found).checks().stream()
                .filter(check -> check.thing().equals(thing))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aMachineWithEverythingHasNothingToMend() {
        Diagnosis diagnosis = Diagnosis.of(BEST);
        assertThat(diagnosis.runs()).isTrue();
        assertThat(diagnosis.rung()).startsWith("root:").contains("limits by cgroup");
        assertThat(diagnosis.checks())
                .allMatch(check -> check.state() == State.GOOD && check.fix().isEmpty());
    }

    @Test
    void aMachineThatCannotRunAStepBuildsWithoutRunOnly() {
        Findings found = new Findings(
                Entered.parse("none:user namespaces are switched off"),
                Optional.of("this process may not make namespaces"),
                Map.of("user-namespace", 28, "user-overlay", 28, "landlock", 0, "seccomp", 1),
                Set.of(),
                Set.of(),
                List.of(),
                1L << 40);
        Diagnosis diagnosis = Diagnosis.of(found);
        assertThat(diagnosis.runs()).isFalse();
        assertThat(diagnosis.rung()).startsWith("none");
        assertThat(check(found, "step").state()).isEqualTo(State.MISSING);
        assertThat(check(found, "step").fix())
                .hasValueSatisfying(fix -> assertThat(fix).contains("max_user_namespaces"));
    }

    @Test
    void everyLackHasItsFixInOneLine() {
        Findings found = new Findings(
                Entered.parse("single:newuidmap is not installed"),
                Optional.empty(),
                Map.of(),
                Set.of(),
                Set.of(),
                List.of(),
                1L << 20);
        List<Check> checks = Diagnosis.of(found).checks();
        assertThat(checks)
                .filteredOn(check -> check.state() != State.GOOD)
                .hasSizeGreaterThan(6)
                .allSatisfy(check -> {
                    assertThat(check.fix()).isPresent();
                    assertThat(check.fix().get()).doesNotContain("\n").isNotBlank();
                });
    }

    @ParameterizedTest
    @CsvSource({"root, root:", "mapped, mapped:", "single, single:"})
    void theRungIsThatOfTheLauncher(String entered, String rung) {
        Findings found = new Findings(
                Entered.parse(entered + ":because"), Optional.empty(), KERNEL, Set.of(), PROGRAMS, List.of(), 1L << 40);
        assertThat(Diagnosis.of(found).rung()).startsWith(rung).endsWith("without limits by cgroup");
    }

    @Test
    void cgroupsNameTheControllersThatAreLacking() {
        Findings found =
                new Findings(BEST.entered(), Optional.empty(), KERNEL, Set.of("pids"), PROGRAMS, List.of(), 1L << 40);
        assertThat(check(found, "cgroups").found())
                .contains("cpu, cpuset, memory")
                .doesNotContain("pids");
    }

    @Test
    void theSecondChoiceOfNetworksIsSlirp() {
        Findings found = new Findings(
                BEST.entered(), Optional.empty(), KERNEL, CONTROLLERS, Set.of("slirp4netns"), List.of(), 1L << 40);
        assertThat(check(found, "network").state()).isEqualTo(State.GOOD);
        assertThat(check(found, "network").found()).contains("slirp4netns");
    }
}
