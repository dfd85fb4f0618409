package dev.jbuild.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChallengeTest {
    @Test
    void aBearerChallengeNamesItsTokenServer() {
        assertThat(
                        Challenge.parse(
                                List.of(
                                        "Bearer realm=\"https://auth.example/token\",service=\"registry\", scope=\"repository:a:pull,push\"")))
                .containsExactly(new Challenge(
                        "bearer",
                        Map.of(
                                "realm",
                                "https://auth.example/token",
                                "service",
                                "registry",
                                "scope",
                                "repository:a:pull,push")));
    }

    @Test
    void oneFieldMayHoldSeveralChallenges() {
        assertThat(Challenge.parse(List.of("Negotiate, BASIC realm=\"a, b\", Bearer Realm=x")))
                .containsExactly(
                        new Challenge("negotiate", Map.of()),
                        new Challenge("basic", Map.of("realm", "a, b")),
                        new Challenge("bearer", Map.of("realm", "x")));
    }

    @Test
    void severalFieldsAddUp() {
        assertThat(Challenge.parse(List.of("Basic realm=a", "Bearer realm=b")))
                .extracting(Challenge::scheme)
                .containsExactly("basic", "bearer");
    }

    @Test
    void quotesMayBeQuoted() {
        assertThat(Challenge.parse(List.of("Bearer realm=\"a\\\"b\\\\c\""))
                        .getFirst()
                        .parameter("realm"))
                .contains("a\"b\\c");
    }

    @Test
    void theFirstOfTwoEqualNamesHolds() {
        assertThat(Challenge.parse(List.of("Bearer realm=a, REALM=b"))
                        .getFirst()
                        .parameter("realm"))
                .contains("a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                "\"",
                "=",
                "Bearer realm",
                "Bearer realm=",
                "Bearer realm=\"",
                "Bearer realm=\"a\\",
                "a=b=c",
                "Bearer =x",
                "\"a\"=\"b\""
            })
    void whatCannotBeReadIsLeftOut(String field) {
        assertThat(Challenge.parse(List.of(field)))
                .allSatisfy(challenge ->
                        assertThat(challenge.parameter("realm").orElse("")).isIn("", "a", "a\\"));
    }
}
