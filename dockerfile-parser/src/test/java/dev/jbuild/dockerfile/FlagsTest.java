package dev.jbuild.dockerfile;

import static dev.jbuild.dockerfile.Parsing.dockerfile;
import static dev.jbuild.dockerfile.Parsing.failure;
import static dev.jbuild.dockerfile.Parsing.fault;
import static dev.jbuild.dockerfile.Parsing.instruction;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlagsTest {
    @Test
    void flagsAreKeptInOrderWithTheirPlaces() throws DockerfileException {
        Instruction copy =
                instruction(Instruction.Copy.class, "COPY --link \\\n  --chown=a --exclude=b --exclude=c d e");

        assertThat(copy.source().flags()).extracting(Flag::name).containsExactly("link", "chown", "exclude", "exclude");
        assertThat(copy.source().flags())
                .extracting(Flag::value)
                .containsExactly(
                        Optional.empty(),
                        Optional.of(new Word("a")),
                        Optional.of(new Word("b")),
                        Optional.of(new Word("c")));
        assertThat(copy.source().flags().get(1).range()).isEqualTo(new SourceRange(new Position(3, 3), 3));
    }

    @Test
    void quotesAndEscapesAreTakenOffAFlag() throws DockerfileException {
        assertThat(instruction(Instruction.Run.class, "RUN --mount=\"type=bind,target=/a b\" '--network=host' x")
                        .mounts())
                .containsExactly(new Word("type=bind,target=/a b"));
        assertThat(instruction(Instruction.Copy.class, "COPY --chown=a\\ \\\"b c d")
                        .files()
                        .chown())
                .contains(new Word("a \"b"));
    }

    @Test
    void argTakesAnyFlagAndIgnoresIt() throws DockerfileException {
        Instruction.Arg arg = instruction(Instruction.Arg.class, "ARG --network=none --x a=1");

        assertThat(arg.definitions())
                .containsExactly(new Instruction.Arg.Definition(new Word("a"), Optional.of(new Word("1"))));
        assertThat(fault("ARG --x --y")).contains("ARG requires at least one argument");
    }

    @Test
    void onlyWordsBeforeTheFirstPlainOneAreFlags() throws DockerfileException {
        assertThat(text("RUN a --mount=x")).isEqualTo("a --mount=x");
        assertThat(text("RUN -x --mount=x")).isEqualTo("-x --mount=x");
        assertThat(text("RUN --network=none -- --mount=x")).isEqualTo("--mount=x");
        assertThat(text("RUN -")).isEqualTo("-");
        assertThat(text("RUN --")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "COPY --form=a b c, unknown flag of COPY: --form (did you mean --from?)",
        "COPY --FROM=a b c, unknown flag of COPY: --FROM",
        "RUN --mout=x y, unknown flag of RUN: --mout (did you mean --mount?)",
        "RUN --x y, unknown flag of RUN: --x",
        "ENV --x a=b, unknown flag of ENV: --x",
        "STOPSIGNAL --x 9, unknown flag of STOPSIGNAL: --x",
        "COPY --link=maybe a b, 'the flag --link is true or false, not \"maybe\"'",
        "COPY --link= a b, 'the flag --link is true or false, not \"\"'",
        "COPY --chown a b, missing value of flag: --chown",
        "COPY --exclude a b, missing value of flag: --exclude",
        "COPY --link --link a b, duplicate flag: --link",
        "COPY --from=a --from=b c d, duplicate flag: --from",
    })
    void aFlagThatMeansNothingIsRefused(String text, String fault) {
        assertThat(fault(text)).isEqualTo(fault);
    }

    @Test
    void theErrorPointsAtTheFlag() {
        assertThat(failure("FROM x\nCOPY --link --form=a b c").position()).isEqualTo(new Position(2, 13));
    }

    @Test
    void fromTakesItsPlatformOnly() throws DockerfileException {
        assertThat(dockerfile("FROM --platform=linux/arm64 x")
                        .stages()
                        .getFirst()
                        .from()
                        .platform())
                .contains(new Word("linux/arm64"));
        assertThat(failure("FROM --plattform=x y").suggestion()).contains("--platform");
    }

    private static String text(String run) throws DockerfileException {
        return ((CommandLine.Shell) instruction(Instruction.Run.class, run).command()).text();
    }
}
