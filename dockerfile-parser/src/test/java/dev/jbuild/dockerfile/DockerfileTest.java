package dev.jbuild.dockerfile;

import static dev.jbuild.dockerfile.Parsing.dockerfile;
import static dev.jbuild.dockerfile.Parsing.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerfileTest {
    @Test
    void stagesHoldTheirInstructionsInOrder() throws DockerfileException {
        Dockerfile file = dockerfile("""
                ARG TAG=1
                ARG OTHER
                FROM base:$TAG AS Build
                RUN make
                WORKDIR /src
                FROM scratch
                COPY --from=build /out /
                """);

        assertThat(file.globalArgs()).hasSize(2);
        assertThat(file.stages()).extracting(Stage::index).containsExactly(0, 1);
        assertThat(file.stages()).extracting(Stage::name).containsExactly(Optional.of("build"), Optional.empty());
        assertThat(file.stages().getFirst().from().image()).isEqualTo(new Word("base:$TAG"));
        assertThat(file.stages().getFirst().instructions())
                .hasExactlyElementsOfTypes(Instruction.Run.class, Instruction.Workdir.class);
        assertThat(file.stages().getLast().instructions()).hasExactlyElementsOfTypes(Instruction.Copy.class);
    }

    @Test
    void stagesOfTheSameNameBothStand() throws DockerfileException {
        assertThat(dockerfile("FROM a AS x\nFROM b AS x").stages()).hasSize(2);
    }

    @Test
    void aStageMayBeEmpty() throws DockerfileException {
        assertThat(dockerfile("FROM a").stages().getFirst().instructions()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# only a comment\n", "\uFEFF", "# escape=`\n"})
    void aFileWithoutInstructionsIsRefused(String text) {
        assertThat(failure(text)).hasMessage("Dockerfile:1:1: the file has no instructions");
    }

    @Test
    void aFileOfGlobalArgsOnlyIsRefused() {
        assertThat(failure("ARG a")).hasMessage("Dockerfile:1:1: the file has no FROM and so no stage");
    }

    @Test
    void onlyArgMayStandBeforeTheFirstFrom() {
        assertThat(failure("ARG a\n\nRUN x\nFROM y"))
                .hasMessage("Dockerfile:3:1: no build stage in current context:"
                        + " only ARG may stand before the first FROM");
    }

    @Test
    void anUnknownInstructionIsShownWithTheOneThatWasMeant() {
        DockerfileException failure = failure("FROM x\n  RUM make");

        assertThat(failure).hasMessage("Dockerfile:2:3: unknown instruction: RUM (did you mean RUN?)");
        assertThat(failure.suggestion()).contains("RUN");
        assertThat(failure("from x\ncoppy a b")).hasMessageEndingWith("(did you mean copy?)");
        assertThat(failure("FROM x\nFOOBAR a").suggestion()).isEmpty();
    }

    @Test
    void keywordsAreReadInAnyCase() throws DockerfileException {
        assertThat(dockerfile("from a\nRun b\nwOrKdIr c").stages().getFirst().instructions())
                .hasExactlyElementsOfTypes(Instruction.Run.class, Instruction.Workdir.class);
    }

    @Test
    void rangesCoverContinuationsAndHeredocs() throws DockerfileException {
        List<Instruction> instructions = dockerfile("FROM x\n\n  RUN a \\\n  # why\n\n  b\nRUN <<E\nbody\nE\nUSER u")
                .stages()
                .getFirst()
                .instructions();

        assertThat(instructions)
                .extracting(i -> i.range().start())
                .containsExactly(new Position(3, 3), new Position(7, 1), new Position(10, 1));
        assertThat(instructions).extracting(i -> i.range().lastLine()).containsExactly(6, 9, 10);
        assertThat(instructions).extracting(Instruction::original).containsExactly("RUN a   b", "RUN <<E", "USER u");
    }

    @Test
    void commentsAboveAnInstructionDescribeIt() throws DockerfileException {
        Dockerfile file = dockerfile("#syntax=a\n# lost\n#\n# x the one\n\n# more\nARG x\nARG y\nFROM z");

        assertThat(file.globalArgs().getFirst().source().comments()).containsExactly("x the one", "more");
        assertThat(file.globalArgs().getLast().source().comments()).isEmpty();
    }

    @Test
    void aFiredTriggerStandsAtTheFromThatFiredIt() throws DockerfileException {
        Dockerfile file = dockerfile("FROM a\nFROM b");
        SourceRange from = file.stages().getLast().from().range();

        Instruction run = file.parseTrigger(new Trigger("RUN <<EOF\n\techo $x\nEOF", "stage a"), from);

        assertThat(run.range().start()).isEqualTo(from.start());
        assertThat(run.range().lastLine()).isEqualTo(from.lastLine());
        assertThat(run)
                .isInstanceOfSatisfying(
                        Instruction.Run.class,
                        r -> assertThat(r.command())
                                .isEqualTo(new CommandLine.Shell(
                                        "<<EOF", List.of(new Heredoc("EOF", "\techo $x\n", true, false)))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"FROM x", "MAINTAINER x", "ONBUILD RUN x", "", "RUN a\nRUN b", "RUM a", "COPY a", "RUN <<E"})
    void aTriggerThatIsNoneIsRefusedAtTheFromThatFiredIt(String trigger) throws DockerfileException {
        Dockerfile file = dockerfile("FROM a\nFROM b");

        assertThatThrownBy(() -> file.parseTrigger(
                        new Trigger(trigger, "base image b"),
                        file.stages().getLast().from().range()))
                .isInstanceOf(DockerfileException.class)
                .hasMessageStartingWith("Dockerfile:2:1: the ONBUILD trigger \"")
                .hasMessageContaining("\" of the base image b: ");
    }

    @Test
    void aTriggerLongerThanAFileMayBeStandsAtTheFromThatFiredItToo() throws DockerfileException {
        Dockerfile file = dockerfile("FROM a\nFROM b");
        SourceRange from = file.stages().getLast().from().range();
        String most = "RUN " + "x".repeat(ParseLimits.DEFAULT.lineLength() - 4);

        assertThat(file.parseTrigger(new Trigger(most, "base image b"), from)).isInstanceOf(Instruction.Run.class);
        assertThatThrownBy(() -> file.parseTrigger(new Trigger(most + "x", "base image b"), from))
                .hasMessageStartingWith("Dockerfile:2:1: the ONBUILD trigger \"RUN xxx")
                .hasMessageEndingWith("(limit line-length)");
    }
}
