package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HumanlyTest {
    private static final Instant NOW = Instant.parse("2026-07-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "0, 0B",
        "999, 999B",
        "1000, 1kB",
        "1234, 1.23kB",
        "170000000, 170MB",
        "1500000000, 1.5GB",
        "9223372036854775807, 9.22EB"
    })
    void sizesHaveThreeDigits(long bytes, String text) {
        assertThat(Humanly.size(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-07-01T00:00:00Z, Less than a second ago",
        "2026-06-30T23:59:59Z, 1 second ago",
        "2026-06-30T23:59:00Z, About a minute ago",
        "2026-06-30T23:15:00Z, 45 minutes ago",
        "2026-06-30T22:30:00Z, About an hour ago",
        "2026-06-29T23:00:00+02:00, 27 hours ago",
        "2026-06-20T00:00:00Z, 11 days ago",
        "2026-06-01T00:00:00Z, 4 weeks ago",
        "2026-01-01T00:00:00Z, 6 months ago",
        "1970-01-01T00:00:00Z, 56 years ago",
        "2027-01-01T00:00:00Z, Less than a second ago",
        "not a time, not a time"
    })
    void agesAreInTheLargestUnitThatFits(String created, String text) {
        assertThat(Humanly.age(Optional.of(created), NOW)).isEqualTo(text);
    }

    @Test
    void imagesWithoutATimeHaveNoAge() {
        assertThat(Humanly.age(Optional.empty(), NOW)).isEqualTo("N/A");
    }
}
