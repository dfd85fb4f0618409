package dev.jbuild.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.DockerfileException;
import dev.jbuild.dockerfile.IgnoreRules;
import dev.jbuild.dockerfile.ParseLimits;
import dev.jbuild.dockerfile.lint.CheckOptions;
import dev.jbuild.dockerfile.lint.DockerfileRules;
import dev.jbuild.dockerfile.lint.Findings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Dockerfiles of a few megabytes that would make gigabytes, or hours, of a plan. */
class HostilePlansTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int MANY = 90_000;
    private static final int LINES = 9_900;

    static Stream<Arguments> costlyPlans() {
        return Stream.of(
                costly("ninety thousand variables", () -> "ENV " + words(i -> "a" + i + "=b")),
                costly("ninety thousand labels", () -> "LABEL " + words(i -> "a" + i + "=b")),
                costly("ninety thousand arguments", () -> "ARG " + words(i -> "a" + i)),
                costly(
                        "arguments that are the next one's default",
                        () -> "ARG " + words(i -> "a" + i + "=$a" + (i - 1))),
                costly(
                        "ninety thousand variables, then more",
                        () -> "ENV " + words(i -> "a" + i + "=b") + lines("ENV c=d")),
                costly("ninety thousand arguments, then more", () -> "ARG " + words(i -> "a" + i) + lines("ARG c=d")),
                costly(
                        "ninety thousand variables for each step",
                        () -> "ENV " + words(i -> "a" + i + "=b") + lines("RUN c")),
                costly("ninety thousand arguments for each step", () -> "ARG " + words(i -> "a" + i) + lines("RUN c")),
                costly("ninety thousand undefined variables", () -> "ENV " + words(i -> "a" + i + "=$b" + i)),
                costly(
                        "undefined variables among as many that are none",
                        () -> "ENV " + words(i -> "a" + i + "=b") + "\nLABEL " + words(i -> "l" + i + "=$b" + i)),
                costly("every port, again and again", () -> lines("EXPOSE 0-65535")),
                costly("ninety thousand volumes", () -> "VOLUME " + words(i -> "/v" + i)),
                costly("ninety thousand sources", () -> "COPY " + words(i -> "a" + i) + "/"),
                costly("a trigger a line", () -> lines("ONBUILD RUN a")),
                costly(
                        "a doubling argument in ninety thousand labels",
                        () -> doubling() + "LABEL " + words(i -> "a" + i + "=$A")),
                costly("a doubling argument in each line of history", () -> doubling() + lines("RUN a")),
                costly(
                        "a doubling argument as ninety thousand sources",
                        () -> doubling() + "COPY " + words(_ -> "$A") + "/"),
                costly(
                        "a thousand stages, one on the other",
                        () -> stages(i -> "FROM s" + (i - 1) + " AS s" + i + "\nRUN a\n")),
                costly(
                        "a thousand stages that copy from each other",
                        () -> stages(i ->
                                "FROM scratch AS s" + i + "\nCOPY --from=s" + (i - 1) + " a b\nCOPY --from=s0 a b\n")));
    }

    private static Arguments costly(String what, Supplier<String> text) {
        return Arguments.argumentSet(what, text);
    }

    private static String words(IntFunction<String> word) {
        return IntStream.range(0, MANY).mapToObj(i -> word.apply(i) + " ").collect(Collectors.joining());
    }

    private static String lines(String line) {
        return "\n" + (line + "\n").repeat(LINES);
    }

    /** Twenty lines to the mebibyte that one word may expand to. */
    private static String doubling() {
        return "ARG A=a\n" + "ARG A=$A$A\n".repeat(20);
    }

    private static String stages(IntFunction<String> stage) {
        return "FROM scratch AS s0\n"
                + IntStream.range(1, ParseLimits.DEFAULT.stages() - 1)
                        .mapToObj(stage)
                        .collect(Collectors.joining());
    }

    @ParameterizedTest
    @MethodSource("costlyPlans")
    void aCostlyPlanIsMadeOrRefusedSoon(Supplier<String> text) {
        assertTimeoutPreemptively(
                SOON, () -> assertThat(planOrRefuse(text.get())).isNotEmpty());
    }

    private static String planOrRefuse(String text) throws BuildException {
        try {
            Dockerfile dockerfile = Dockerfile.parse(
                    "Dockerfile",
                    ("FROM scratch\n" + text + "\n").getBytes(StandardCharsets.UTF_8),
                    ParseLimits.DEFAULT);
            Findings findings = new Findings(CheckOptions.DEFAULT);
            DockerfileRules.check(dockerfile, findings);
            Planner planner = new Planner(dockerfile, Plans.of("FROM scratch").options());
            Survey survey = new Survey(findings, IgnoreRules.NONE);
            planner.checkFroms(survey);
            return "planned " + planner.plan(Map.of(), survey).history().size();
        } catch (DockerfileException e) {
            assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(5_000);
            return "refused " + e.getMessage();
        }
    }

    @Test
    void aHistoryThatNoConfigCanHoldIsRefusedUnderTheLimitsName() throws Exception {
        assertThat(planOrRefuse(doubling() + "RUN a\n".repeat(10)))
                .startsWith("refused Dockerfile:28:1: the history of the image is longer than 8388608 characters")
                .endsWith("(limit config)");
        assertThat(planOrRefuse(doubling() + "RUN a\n".repeat(5))).startsWith("planned ");
    }

    @Test
    void allWordsTogetherAreRefusedUnderTheLimitsName() throws Exception {
        assertThat(planOrRefuse(doubling() + "COPY " + "$A ".repeat(70) + "/"))
                .startsWith("refused Dockerfile:23:1: the words of the file expand to more than 67108864 characters")
                .endsWith("(limit expansion-total)");
    }
}
