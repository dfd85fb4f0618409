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
import org.junit.jupiter.params.provider.ValueSource;

class HeredocTest {
    @Test
    void aRunOfOnlyAHeredocIsItsBody() throws DockerfileException {
        CommandLine.Shell command = run("RUN <<EOF\necho a\n  # kept\n\nEOF\n");

        assertThat(command.heredocs()).containsExactly(new Heredoc("EOF", "echo a\n  # kept\n\n", true, false));
        assertThat(command.script()).contains(command.heredocs().getFirst());
        assertThat(command.scriptText()).isEqualTo("echo a\n  # kept\n\n");
    }

    @Test
    void aCommandWithHeredocsIsHandedToTheShellWithThem() throws DockerfileException {
        CommandLine.Shell command = run("RUN cat <<A 3<<-'B' > x\n1\nA\n\t2\n\tB\n");

        assertThat(command.script()).isEmpty();
        assertThat(command.scriptText()).isEqualTo("cat <<A 3<<-'B' > x\n1\nA\n\t2\nB");
        assertThat(command.heredocs())
                .containsExactly(new Heredoc("A", "1\n", true, false), new Heredoc("B", "\t2\n", false, true));
    }

    @Test
    void aDashStripsLeadingTabsOfLinesAndOfTheEndOnly() throws DockerfileException {
        CommandLine.Shell command = run("RUN <<-EOF\n\t\ta\n \tb\n\tc\td\n\t\tEOF");

        assertThat(command.scriptText()).isEqualTo("a\n \tb\nc\td\n");
        assertThat(failure("FROM x\nRUN <<EOF\n\tEOF\n")).hasMessageContaining("unterminated heredoc");
        assertThat(failure("FROM x\nRUN <<-EOF\n EOF\n")).hasMessageContaining("unterminated heredoc");
    }

    @Test
    void anyQuoteInTheNameKeepsTheBodyFromExpanding() throws DockerfileException {
        assertThat(run("RUN <<'E O'\nE O").heredocs()).containsExactly(new Heredoc("E O", "", false, false));
        assertThat(run("RUN <<E\"O\"F\nEOF").heredocs()).containsExactly(new Heredoc("EOF", "", false, false));
        assertThat(run("RUN <<\\EOF\nEOF").heredocs()).containsExactly(new Heredoc("EOF", "", true, false));
        assertThat(run("RUN << EOF\nEOF").heredocs()).containsExactly(new Heredoc("EOF", "", true, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RUN cat \"<<EOF\"",
                "RUN cat '<<EOF'",
                "RUN cat \\<<EOF",
                "RUN cat<<EOF",
                "RUN cat <<<EOF",
                "RUN cat <<",
                "RUN cat <<''",
                "RUN it's <<EOF",
                "RUN echo $((1<<2))",
                "CMD cat <<EOF",
                "ENV a=<<EOF",
                "LABEL a <<EOF",
                "RUN [\"cat\", \"<<EOF\"]"
            })
    void otherUsesOfTheSignAreNotHeredocs(String text) throws DockerfileException {
        Instruction only =
                dockerfile("FROM x\n" + text).stages().getFirst().instructions().getFirst();

        assertThat(only.range().lastLine()).isEqualTo(2);
    }

    @Test
    void theEndIsALineOfItsOwn() throws DockerfileException {
        assertThat(run("RUN <<E\nE \n E\nEE\nE\r\n").heredocs().getFirst().content())
                .isEqualTo("E \n E\nEE\n");
    }

    @Test
    void lineEndingsOfABodyStay() throws DockerfileException {
        assertThat(run("RUN <<E\r\na\r\nb\r\nE\r\n").heredocs().getFirst().content())
                .isEqualTo("a\r\nb\r\n");
    }

    @Test
    void anUnterminatedHeredocIsShownAtItsInstruction() {
        DockerfileException failure = failure("FROM x\nRUN a \\\n <<EOF\nb\n");

        assertThat(failure).hasMessage("Dockerfile:2:1: unterminated heredoc: no line is just \"EOF\"");
        assertThat(failure.range().lastLine()).isEqualTo(3);
    }

    @Test
    void copyWritesFilesNamedAfterTheirHeredocs() throws DockerfileException {
        Transfer files = instruction(
                        Instruction.Copy.class,
                        "COPY --chmod=644 a <<one.txt <<-\"two.txt\" b /dst/\n$1\none.txt\n\t$2\ntwo.txt\n")
                .files();

        assertThat(files.sources()).containsExactly(new Word("a"), new Word("b"));
        assertThat(files.heredocs())
                .containsExactly(
                        new Heredoc("one.txt", "$1\n", true, false), new Heredoc("two.txt", "\t$2\n", false, true));
        assertThat(files.heredocs().getLast().body()).isEqualTo("$2\n");
        assertThat(files.destination()).isEqualTo(new Word("/dst/"));
    }

    @Test
    void aHeredocCannotBeADestination() {
        assertThat(fault("COPY a <<E\nE")).isEqualTo("COPY cannot accept a heredoc as a destination");
        assertThat(fault("ADD <<E <<F\nE\nF")).isEqualTo("ADD cannot accept a heredoc as a destination");
    }

    @Test
    void aHeredocOfCopyWithABlankInItIsRefusedInsteadOfCopyingItsPieces() {
        assertThat(fault("COPY << E /x\nE")).contains("names its heredocs in a way that is not clear");
        assertThat(fault("COPY <<\"a b\" /x\na b")).contains("names its heredocs in a way that is not clear");
    }

    @Test
    void aTriggerKeepsItsHeredocs() throws DockerfileException {
        assertThat(instruction(Instruction.OnBuild.class, "ONBUILD  COPY <<A <<-B /\n1\nA\n\t2\n\tB\n")
                        .trigger())
                .isEqualTo("COPY <<A <<-B /\n1\nA\n\t2\nB");
    }

    @Test
    void aBodyExpandsVariablesAndLeavesQuotes() throws ExpansionException {
        WordExpander expander = new WordExpander('`', ParseLimits.DEFAULT);
        Variables variables = name -> name.equals("x") ? Optional.of("1") : Optional.empty();

        assertThat(expander.expand(new Heredoc("E", "'$x' \"${x}\" \\$x \\\\ `$x $y\n", true, false), variables))
                .isEqualTo("'1' \"1\" $x \\ `1 \n");
        assertThat(expander.expand(new Heredoc("E", "\t$x \\$x\n", false, true), variables))
                .isEqualTo("$x \\$x\n");
    }

    @Test
    void namesAreListedInTheOrderOfTheLine() {
        assertThat(HeredocHeader.all("RUN <<a cat <<'b' 5<<-c", ParseLimits.DEFAULT))
                .isEqualTo(List.of(
                        new HeredocHeader("a", true, false),
                        new HeredocHeader("b", false, false),
                        new HeredocHeader("c", true, true)));
    }

    private static CommandLine.Shell run(String text) throws DockerfileException {
        return (CommandLine.Shell) instruction(Instruction.Run.class, text).command();
    }
}
