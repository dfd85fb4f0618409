package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SecondsTest {
    @ParameterizedTest
    @CsvSource({"0, 0.0, 0.000", "49999999, 0.0, 0.049", "50000000, 0.1, 0.050", "12345678901, 12.3, 12.345"})
    void areWrittenWithFixedDigits(long nanos, String tenths, String thousandths) {
        assertThat(Seconds.tenths(nanos)).isEqualTo(tenths);
        assertThat(Seconds.thousandths(nanos)).isEqualTo(thousandths);
    }
}
