package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MomentsTest {
    private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "until=24h, 2026-03-01T12:00:00Z",
        "until=1h30m, 2026-03-02T10:30:00Z",
        "until=1.5h, 2026-03-02T10:30:00Z",
        "until=90s, 2026-03-02T11:58:30Z",
        "until=1500ms, 2026-03-02T11:59:58.500Z",
        "until=2026-01-31, 2026-01-31T00:00:00Z",
        "until=2026-01-31T08:00:00+02:00, 2026-01-31T06:00:00Z",
        "until=1000, 1970-01-01T00:16:40Z"
    })
    void readsWhatDockersFiltersTake(String filter, Instant moment) throws Exception {
        assertThat(Moments.until(filter, NOW)).isEqualTo(moment);
    }

    @ParameterizedTest
    @ValueSource(strings = {"until=", "until=yesterday", "until=1d", "until=99999999999999999999h"})
    void refusesWhatIsNoTime(String filter) {
        assertThatThrownBy(() -> Moments.until(filter, NOW)).isInstanceOf(UsageException.class);
    }

    @Test
    void namesTheOnlyFilterThereIs() {
        assertThatThrownBy(() -> Moments.until("label=x", NOW))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("until=TIME");
    }
}
