package dev.jbuild.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.oci.Healthcheck;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoTextTest {
    @Test
    void listsArePrintedAsSlices() {
        assertThat(GoText.quoted(List.of("a", "b c"))).isEqualTo("[\"a\" \"b c\"]");
        assertThat(GoText.quoted(List.of())).isEqualTo("[]");
        assertThat(GoText.plain(List.of("a", "b c"))).isEqualTo("[a b c]");
        assertThat(GoText.plain(List.of())).isEqualTo("[]");
    }

    @Test
    void quotesAndBackslashesAreEscaped() {
        assertThat(GoText.quoted("say \"hi\" \\ 'x'")).isEqualTo("\"say \\\"hi\\\" \\\\ 'x'\"");
    }

    @Test
    void controlCharactersHaveGosShortForms() {
        assertThat(GoText.quoted("\u0007\b\f\n\r\t\u000b")).isEqualTo("\"\\a\\b\\f\\n\\r\\t\\v\"");
        assertThat(GoText.quoted("\u0001\u007f")).isEqualTo("\"\\x01\\x7f\"");
    }

    @Test
    void printableTextOfAnyLanguageStays() {
        assertThat(GoText.quoted("grün 日本 😀")).isEqualTo("\"grün 日本 😀\"");
    }

    @Test
    void whatCannotBeSeenIsEscaped() {
        assertThat(GoText.quoted("\u00a0\u200b\u2028\ufeff")).isEqualTo("\"\\u00a0\\u200b\\u2028\\ufeff\"");
        assertThat(GoText.quoted(Character.toString(0xE0001))).isEqualTo("\"\\U000e0001\"");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0s",
        "1, 1ns",
        "999, 999ns",
        "1000, 1µs",
        "1500, 1.5µs",
        "1000000, 1ms",
        "1050000, 1.05ms",
        "999999999, 999.999999ms",
        "1000000000, 1s",
        "1500000000, 1.5s",
        "60000000000, 1m0s",
        "90000000000, 1m30s",
        "3600000000000, 1h0m0s",
        "3661001000000, 1h1m1.001s",
        "9223372036854775807, 2562047h47m16.854775807s",
    })
    void durationsArePrintedAsGoPrintsThem(long nanos, String text) {
        assertThat(GoText.duration(nanos)).isEqualTo(text);
    }

    @Test
    void aHealthcheckIsPrintedAsDockersBuildKitQuotesIt() {
        assertThat(GoText.healthcheck(new Healthcheck(List.of("CMD", "x"), 1_000_000_000, 0, 0, 0, 3)))
                .isEqualTo("&{[\"CMD\" \"x\"] \"1s\" \"0s\" \"0s\" \"0s\" '\\x03'}");
    }

    @Test
    void retriesArePrintedAsTheCharacterOfThatNumber() {
        assertThat(GoText.healthcheck(new Healthcheck(List.of(), 0, 0, 0, 0, 65)))
                .endsWith(" 'A'}");
        assertThat(GoText.healthcheck(new Healthcheck(List.of(), 0, 0, 0, 0, 0)))
                .endsWith(" '\\x00'}");
        assertThat(GoText.healthcheck(new Healthcheck(List.of(), 0, 0, 0, 0, 39)))
                .endsWith(" '\\''}");
    }
}
