package dev.jbuild.dockerfile;

import static dev.jbuild.dockerfile.Parsing.dockerfile;
import static dev.jbuild.dockerfile.Parsing.failure;
import static dev.jbuild.dockerfile.Parsing.fault;
import static dev.jbuild.dockerfile.Parsing.instruction;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar of the instructions that are short; each of the others has a test of its own. */
class InstructionTest {
    @Test
    void fromTakesAnImageAPlatformAndAName() throws DockerfileException {
        Instruction.From from = from("FROM --platform=$BUILDPLATFORM a:$T As Na-me_1.x");

        assertThat(from.image()).isEqualTo(new Word("a:$T"));
        assertThat(from.platform()).contains(new Word("$BUILDPLATFORM"));
        assertThat(from.name()).contains("na-me_1.x");
        assertThat(from("FROM a").name()).isEmpty();
        assertThat(from("FROM --platform= a").platform()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"FROM", "FROM a b", "FROM a AS", "FROM a TO b", "FROM a AS b c"})
    void fromTakesNothingElse(String line) {
        assertThat(failure(line).sentence()).startsWith("FROM requires either one or three arguments");
    }

    @Test
    void aCommentBehindFromIsExplained() {
        assertThat(failure("FROM a # b").sentence()).endsWith("(a comment needs a line of its own)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1a", "-a", "_", "a/b", "a:b", "\u00e9", "a\u00e9"})
    void aStageNameHasLettersDigitsAndALittleMore(String name) {
        assertThat(failure("FROM a AS " + name).sentence())
                .startsWith("invalid name for build stage: \"" + name + "\"");
    }

    @ParameterizedTest
    @CsvSource({"MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR"})
    void instructionsOfOneArgumentTakeTheRestOfTheLine(String keyword) throws DockerfileException {
        assertThat(fault(keyword)).isEqualTo(keyword + " requires exactly one argument");
        assertThat(text(dockerfile("FROM x\n" + keyword + "  a  \"b c\" $d ")
                        .stages()
                        .getFirst()
                        .instructions()
                        .getFirst()))
                .isEqualTo("a  \"b c\" $d");
    }

    private static String text(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Maintainer maintainer -> maintainer.author();
            case Instruction.StopSignal stop -> stop.signal().text();
            case Instruction.User user -> user.user().text();
            case Instruction.Workdir workdir -> workdir.path().text();
            default -> throw new AssertionError(instruction);
        };
    }

    @Test
    void exposeTakesWords() throws DockerfileException {
        assertThat(instruction(Instruction.Expose.class, "EXPOSE 80 $P 9000-9002/udp")
                        .ports())
                .containsExactly(new Word("80"), new Word("$P"), new Word("9000-9002/udp"));
        assertThat(fault("EXPOSE ")).isEqualTo("EXPOSE requires at least one argument");
    }

    @Test
    void volumeTakesWordsOrAJsonArray() throws DockerfileException {
        assertThat(instruction(Instruction.Volume.class, "VOLUME /a $B").paths())
                .containsExactly(new Word("/a"), new Word("$B"));
        assertThat(instruction(Instruction.Volume.class, "VOLUME [\"/a b\", \" /c \"]")
                        .paths())
                .containsExactly(new Word("/a b"), new Word("/c"));
        assertThat(fault("VOLUME")).isEqualTo("VOLUME requires at least one argument");
        assertThat(fault("VOLUME []")).isEqualTo("VOLUME requires at least one argument");
        assertThat(fault("VOLUME [\" \"]")).isEqualTo("VOLUME cannot be an empty string");
    }

    @Test
    void shellTakesAJsonArrayOnly() throws DockerfileException {
        assertThat(instruction(Instruction.Shell.class, "SHELL [\"/bin/bash\", \"-c\"]")
                        .argv())
                .containsExactly("/bin/bash", "-c");
        assertThat(fault("SHELL /bin/bash -c")).startsWith("SHELL requires the arguments to be in JSON form");
        assertThat(fault("SHELL []")).isEqualTo("SHELL requires at least one argument");
        assertThat(fault("SHELL")).isEqualTo("SHELL requires at least one argument");
    }

    @Test
    void commandsHaveAShellAndAnExecForm() throws DockerfileException {
        assertThat(instruction(Instruction.Cmd.class, "CMD echo \"$a\" | cat").command())
                .isEqualTo(new CommandLine.Shell("echo \"$a\" | cat", List.of()));
        assertThat(instruction(Instruction.Entrypoint.class, "ENTRYPOINT [\"a\", \"$b\"]")
                        .command())
                .isEqualTo(new CommandLine.Exec(List.of("a", "$b")));
        assertThat(instruction(Instruction.Cmd.class, "CMD []").command()).isEqualTo(new CommandLine.Exec(List.of()));
        assertThat(instruction(Instruction.Cmd.class, "CMD").command()).isEqualTo(new CommandLine.Shell("", List.of()));
    }

    @Test
    void anOnBuildKeepsItsTriggerAsWritten() throws DockerfileException {
        assertThat(instruction(Instruction.OnBuild.class, "onbuild   copy --link  a \\\n  $b  ")
                        .trigger())
                .isEqualTo("copy --link  a   $b  ");
        assertThat(instruction(Instruction.OnBuild.class, "ONBUILD CMD [\"a\"]").trigger())
                .isEqualTo("CMD [\"a\"]");
    }

    @ParameterizedTest
    @CsvSource({
        "ONBUILD, ONBUILD requires at least one argument",
        "ONBUILD ONBUILD RUN a, ONBUILD cannot be the trigger of another ONBUILD",
        "ONBUILD FROM a, FROM is not allowed as an ONBUILD trigger",
        "ONBUILD maintainer a, MAINTAINER is not allowed as an ONBUILD trigger",
        "ONBUILD RUM a, unknown instruction: RUM (did you mean RUN?)",
        "ONBUILD --x RUN a, unknown flag of ONBUILD: --x",
    })
    void aTriggerThatCanNeverFireIsRefusedAtOnce(String text, String fault) {
        assertThat(fault(text)).isEqualTo(fault);
    }

    @Test
    void argTakesNamesWithAndWithoutDefaults() throws DockerfileException {
        assertThat(instruction(Instruction.Arg.class, "ARG a b= c=\"d e\" f=$a=b")
                        .definitions())
                .containsExactly(
                        definition("a", Optional.empty()),
                        definition("b", Optional.of("")),
                        definition("c", Optional.of("\"d e\"")),
                        definition("f", Optional.of("$a=b")));
        assertThat(fault("ARG")).isEqualTo("ARG requires at least one argument");
        assertThat(fault("ARG a =b")).isEqualTo("ARG names cannot be blank");
    }

    private static Instruction.Arg.Definition definition(String key, Optional<String> value) {
        return new Instruction.Arg.Definition(new Word(key), value.map(Word::new));
    }

    private static Instruction.From from(String line) throws DockerfileException {
        return dockerfile(line).stages().getFirst().from();
    }
}
