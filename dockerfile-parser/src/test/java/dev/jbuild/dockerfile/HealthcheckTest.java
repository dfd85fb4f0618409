package dev.jbuild.dockerfile;

import static dev.jbuild.dockerfile.Parsing.fault;
import static dev.jbuild.dockerfile.Parsing.instruction;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HealthcheckTest {
    @Test
    void aProbeHasEitherForm() throws DockerfileException {
        assertThat(healthcheck("HEALTHCHECK CMD curl \"x y\" || exit 1").command())
                .contains(new CommandLine.Shell("curl \"x y\" || exit 1", List.of()));
        assertThat(healthcheck("HEALTHCHECK cmd [\"curl\", \"x y\"]").command())
                .contains(new CommandLine.Exec(List.of("curl", "x y")));
    }

    @Test
    void noneTurnsItOff() throws DockerfileException {
        assertThat(healthcheck("HEALTHCHECK NONE").command()).isEmpty();
        assertThat(healthcheck("HEALTHCHECK none").command()).isEmpty();
    }

    @Test
    void optionsOfNoneAreNotKept() throws DockerfileException {
        Instruction.Healthcheck check = healthcheck("HEALTHCHECK --interval=5s --retries=2 NONE");

        assertThat(check.interval()).isEqualTo(Duration.ZERO);
        assertThat(check.retries()).isZero();
        assertThat(fault("HEALTHCHECK --x NONE")).isEqualTo("unknown flag of HEALTHCHECK: --x");
    }

    @Test
    void allOptionsAreRead() throws DockerfileException {
        Instruction.Healthcheck check = healthcheck(
                "HEALTHCHECK --interval=1m30s --timeout=3s --start-period=1.5h --start-interval=100ms --retries=4 CMD x");

        assertThat(check.interval()).isEqualTo(Duration.ofSeconds(90));
        assertThat(check.timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(check.startPeriod()).isEqualTo(Duration.ofMinutes(90));
        assertThat(check.startInterval()).isEqualTo(Duration.ofMillis(100));
        assertThat(check.retries()).isEqualTo(4);
    }

    @Test
    void whatIsNotSaidIsZero() throws DockerfileException {
        Instruction.Healthcheck check = healthcheck("HEALTHCHECK --interval= CMD x");

        assertThat(check.interval()).isEqualTo(Duration.ZERO);
        assertThat(check.retries()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0s, 0",
        "1ms, 1000000",
        "1000us, 1000000",
        "1000µs, 1000000",
        "1000μs, 1000000",
        "1000000ns, 1000000",
        "+1s, 1000000000",
        ".5s, 500000000",
        "1.s, 1000000000",
        "2h3m4s, 7384000000000",
        "9223372036854775807ns, 9223372036854775807",
    })
    void durationsAreGos(String text, long nanoseconds) throws DockerfileException {
        assertThat(healthcheck("HEALTHCHECK --interval=" + text + " CMD x").interval())
                .isEqualTo(Duration.ofNanos(nanoseconds));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1", "s", "1d", "1 s", "1e3s", ".s", "1.2.3s", "-", "1s1", "9223372036854775808ns", "300000000h"
            })
    void whatIsNoDurationIsRefused(String text) {
        assertThat(fault("HEALTHCHECK --interval='" + text + "' CMD x"))
                .isEqualTo("HEALTHCHECK --interval is a duration like 30s or 1m30s, not \"" + text + "\"");
    }

    @ParameterizedTest
    @CsvSource({
        "HEALTHCHECK, HEALTHCHECK requires at least one argument",
        "HEALTHCHECK CMD, HEALTHCHECK has no command after CMD",
        "HEALTHCHECK CMD [], HEALTHCHECK has no command after CMD",
        "HEALTHCHECK NONE x, HEALTHCHECK NONE takes no arguments",
        "HEALTHCHECK NON, unknown type of HEALTHCHECK: NON (it is CMD or NONE) (did you mean NONE?)",
        "HEALTHCHECK curl x, unknown type of HEALTHCHECK: curl (it is CMD or NONE)",
        "HEALTHCHECK --timeout=999us CMD x, HEALTHCHECK --timeout cannot be less than 1ms: 999us",
        "HEALTHCHECK --timeout=-1s CMD x, HEALTHCHECK --timeout cannot be less than 1ms: -1s",
        "HEALTHCHECK --retries=-1 CMD x, 'HEALTHCHECK --retries is a number of at least 0, not \"-1\"'",
        "HEALTHCHECK --retries=x CMD x, 'HEALTHCHECK --retries is a number of at least 0, not \"x\"'",
        "HEALTHCHECK --intervall=1s CMD x, unknown flag of HEALTHCHECK: --intervall (did you mean --interval?)",
    })
    void whatMeansNothingIsRefused(String text, String fault) {
        assertThat(fault(text)).isEqualTo(fault);
    }

    private static Instruction.Healthcheck healthcheck(String text) throws DockerfileException {
        return instruction(Instruction.Healthcheck.class, text);
    }
}
