package dev.jbuild.dockerfile;

import static dev.jbuild.dockerfile.Parsing.dockerfile;
import static dev.jbuild.dockerfile.Parsing.failure;
import static dev.jbuild.dockerfile.Parsing.instruction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LinesTest {
    @Test
    void continuedLinesKeepTheirIndentation() throws DockerfileException {
        assertThat(run("RUN a && \\\n    b\\\n\tc")).isEqualTo("a &&     b\tc");
    }

    @Test
    void blanksMayFollowTheContinuationCharacter() throws DockerfileException {
        assertThat(run("RUN a \\ \t\n  b")).isEqualTo("a   b");
    }

    @Test
    void aDoubledContinuationCharacterContinuesNothing() throws DockerfileException {
        assertThat(dockerfile("FROM x\nRUN a \\\\\nRUN b").stages().getFirst().instructions())
                .hasSize(2);
    }

    @Test
    void commentsAndBlankLinesInAContinuationAreDropped() throws DockerfileException {
        assertThat(run("RUN a \\\n# no\n\n   # neither\n  \t \n b \\\n # x\n")).isEqualTo("a  b");
    }

    @Test
    void aContinuationMayEndWithTheFile() throws DockerfileException {
        assertThat(run("RUN a \\")).isEqualTo("a");
        assertThat(run("RUN a \\\n\n# end")).isEqualTo("a");
    }

    @Test
    void aLineOfOnlyTheContinuationCharacterAddsNothing() throws DockerfileException {
        assertThat(run("RUN a\\\n\\\nb")).isEqualTo("ab");
        assertThat(run("\\\nRUN a")).isEqualTo("a");
        assertThat(failure("FROM x\n\\\n\n")).hasMessageContaining("continues no instruction");
    }

    @Test
    void aHashInsideALineIsText() throws DockerfileException {
        assertThat(run("RUN echo # not a comment")).isEqualTo("echo # not a comment");
        assertThat(run("RUN echo \\\n a # b")).isEqualTo("echo  a # b");
    }

    @Test
    void theByteOrderMarkAndCarriageReturnsAreNotText() throws DockerfileException {
        Dockerfile file = dockerfile("\uFEFFFROM x\r\nRUN a \\\r\n b\r\n");

        assertThat(file.stages().getFirst().instructions().getFirst().original())
                .isEqualTo("RUN a  b");
        assertThat(file.lines()).containsExactly("FROM x", "RUN a \\", " b");
    }

    @Test
    void instructionsMayBeIndentedAndSeparatedByTabs() throws DockerfileException {
        assertThat(run(" \t RUN\t\ta")).isEqualTo("a");
    }

    @Test
    void aLineThatIsNotUtf8IsRefusedWhereItCounts() throws DockerfileException {
        byte[] comment = "# caf\u00e9\nFROM x".getBytes(StandardCharsets.ISO_8859_1);
        byte[] text = "FROM x\nRUN echo caf\u00e9".getBytes(StandardCharsets.ISO_8859_1);
        byte[] body = "FROM x\nRUN <<E\ncaf\u00e9\nE".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(Dockerfile.parse("D", comment, ParseLimits.DEFAULT).stages()).hasSize(1);
        assertThatThrownBy(() -> Dockerfile.parse("D", text, ParseLimits.DEFAULT))
                .hasMessage("D:2:13: the line is not valid UTF-8");
        assertThatThrownBy(() -> Dockerfile.parse("D", body, ParseLimits.DEFAULT))
                .hasMessage("D:3:4: the line is not valid UTF-8");
    }

    @Test
    void aNulIsRefusedWithItsColumn() {
        assertThat(failure("FROM x\nRUN a \\\n b\0"))
                .hasMessage("Dockerfile:3:3: a NUL character cannot be part of an instruction");
    }

    @Test
    void errorsPointIntoTheLineThatHoldsTheFault() {
        assertThat(failure("FROM x\nCOPY \\\n  # c\n   --form=a b c").position())
                .isEqualTo(new Position(4, 4));
        assertThat(failure("FROM x\nENV a=b \\\n c").position()).isEqualTo(new Position(3, 2));
    }

    private static String run(String text) throws DockerfileException {
        return ((CommandLine.Shell) instruction(Instruction.Run.class, text).command()).text();
    }
}
