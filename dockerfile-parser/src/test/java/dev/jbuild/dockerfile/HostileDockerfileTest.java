package dev.jbuild.dockerfile;

import static dev.jbuild.dockerfile.Parsing.dockerfile;
import static dev.jbuild.dockerfile.Parsing.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files made to cost more than they are worth. */
class HostileDockerfileTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    static Stream<Arguments> costlyFiles() {
        return Stream.of(
                costly("a megabyte of flags", () -> "RUN " + "--mount=type=cache,target=/x ".repeat(36_000)),
                costly("a megabyte of unknown flags", () -> "RUN " + "--x ".repeat(262_000)),
                costly("a megabyte of quotes", () -> "ENV a=" + "\"".repeat(1_048_000)),
                costly("a megabyte of escapes", () -> "ENV a=" + "\\".repeat(1_048_000) + "b"),
                costly("a megabyte of words", () -> "COPY " + "a ".repeat(524_000)),
                costly("a megabyte of pairs", () -> "LABEL " + "a=b ".repeat(262_000)),
                costly("half a million continuations", () -> "RUN a" + "\\\n ".repeat(500_000)),
                costly("a million continued comments", () -> "RUN a \\\n" + "#\n".repeat(1_000_000)),
                costly("a megabyte of heredoc signs", () -> "RUN " + "<<".repeat(524_000)),
                costly("two hundred thousand heredocs without an end", () -> "RUN " + "<<A ".repeat(200_000)),
                costly("a megabyte of dollars", () -> "RUN <<A " + "$".repeat(1_048_000)),
                costly("braces in a line with a heredoc", () -> "RUN <<A " + "${a:-".repeat(200_000)),
                costly("a heredoc of four megabytes", () -> "RUN <<A\n" + "\n".repeat(4_000_000)),
                costly("a megabyte of JSON strings", () -> "CMD [" + "\"a\",".repeat(262_000) + "\"\"]"),
                costly("a megabyte of unclosed JSON", () -> "CMD [\"" + "\\\\".repeat(524_000)),
                costly("an unknown instruction of a megabyte", () -> "R".repeat(1_048_000)),
                costly("a long stage name", () -> "FROM a AS " + "9".repeat(1_048_000)),
                costly("four million empty lines", () -> "\n".repeat(4_000_000)),
                costly("a million carriage returns", () -> "RUN a" + "\r".repeat(1_000_000)));
    }

    private static Arguments costly(String what, Supplier<String> text) {
        return Arguments.argumentSet(what, text);
    }

    @ParameterizedTest
    @MethodSource("costlyFiles")
    void aCostlyFileIsReadOrRefusedSoon(Supplier<String> text) {
        assertTimeoutPreemptively(
                SOON, () -> assertThat(readOrRefuse("FROM x\n" + text.get())).isNotEmpty());
    }

    private static String readOrRefuse(String text) {
        try {
            return "read " + dockerfile(text).stages().size();
        } catch (DockerfileException e) {
            return "refused " + e.getMessage();
        }
    }

    @Test
    void anErrorIsOneLineWhateverItsCauseSays() {
        SourceRange range = new SourceRange(new Position(1, 1), 1);
        DockerfileException failure = new DockerfileException("Dockerfile", range, "a\nb" + "c".repeat(100_000));

        assertThat(failure.getMessage())
                .startsWith("Dockerfile:1:1: a\uFFFDbccc")
                .hasSizeLessThan(5_000);
        assertThat(failure.sentence()).doesNotContain("\n");
    }

    @Test
    void whatAnErrorQuotesIsShortAndPrintable() {
        DockerfileException failure = failure("FROM x\n\u001b[31m" + "R".repeat(100_000) + " a");

        assertThat(failure.getMessage()).hasSizeLessThan(200).doesNotContain("\u001b");
        assertThat(failure("FROM x\nCOPY --" + "\u001b".repeat(100_000) + " a b")
                        .getMessage())
                .hasSizeLessThan(200)
                .doesNotContain("\u001b");
        assertThat(failure("FROM x\nRUN <<" + "\u001b".repeat(1_000)).getMessage())
                .doesNotContain("\u001b");
        assertThat(failure("FROM x AS \u001b" + "a".repeat(1_000)).getMessage()).hasSizeLessThan(300);
        assertThat(failure("#escape=\u001b" + "a".repeat(1_000) + "\nFROM x").getMessage())
                .hasSizeLessThan(200)
                .doesNotContain("\u001b");
    }
}
