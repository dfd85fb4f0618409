package dev.jbuild.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StopSignalsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SIGTERM",
                "TERM",
                "sigkill",
                "Int",
                "1",
                "9",
                "64",
                "SIGRTMIN",
                "RTMIN+3",
                "SIGRTMAX-14",
                "SIGUSR1"
            })
    void namesAndNumbersOfLinuxAreSignals(String text) {
        assertThat(StopSignals.isValid(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "65",
                "-1",
                "9999999999999",
                "SIG",
                "SIGNONE",
                "SIGSIGTERM",
                "RTMIN+",
                "RTMIN-1",
                "TERM "
            })
    void anythingElseIsNone(String text) {
        assertThat(StopSignals.isValid(text)).isFalse();
    }
}
