package dev.jbuild.dockerfile;

import static dev.jbuild.dockerfile.Parsing.dockerfile;
import static dev.jbuild.dockerfile.Parsing.failure;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Each limit holds, and the first byte beyond it is refused under the limit's name. */
class ParseLimitsTest {
    private static final ParseLimits LIMITS = ParseLimits.DEFAULT;

    @Test
    void theDefaultsAreThoseOfTheDesign() {
        assertThat(LIMITS)
                .isEqualTo(new ParseLimits(
                        4 * 1024 * 1024,
                        1024 * 1024,
                        10_000,
                        1024 * 1024,
                        1024 * 1024,
                        64L * 1024 * 1024,
                        64,
                        10_000,
                        1_000,
                        64 * 1024 * 1024));
    }

    @Test
    void aFileOfOneByteTooManyIsRefused() throws DockerfileException {
        String comments = ("#" + "x".repeat(1022) + "\n").repeat(4096);
        String fits = "FROM x\n" + comments.substring(0, comments.length() - 7);

        assertThat(fits).hasSize(LIMITS.dockerfileSize());
        assertThat(dockerfile(fits).stages()).hasSize(1);
        assertThat(failure(fits + "#"))
                .hasMessage("Dockerfile:1:1: the file is larger than 4194304 bytes (limit dockerfile-size)");
    }

    @Test
    void aLineOfOneByteTooManyIsRefused() throws DockerfileException {
        String fits = "FROM x\n#" + "x".repeat(LIMITS.lineLength() - 1);

        assertThat(dockerfile(fits + "\n").lines().getLast()).hasSize(LIMITS.lineLength());
        assertThat(failure(fits + "x\n"))
                .hasMessage("Dockerfile:2:1: the line is longer than 1048576 bytes (limit line-length)");
    }

    @Test
    void anInstructionOfOneCharacterTooManyIsRefused() throws DockerfileException {
        String half = "x".repeat(LIMITS.lineLength() / 2);
        String fits = "FROM x\nRUN " + half + "\\\n" + half.substring(4);

        assertThat(dockerfile(fits)
                        .stages()
                        .getFirst()
                        .instructions()
                        .getFirst()
                        .original())
                .hasSize(LIMITS.lineLength());
        assertThat(failure(fits + "x"))
                .hasMessage("Dockerfile:2:1: the instruction is longer than 1048576 characters (limit line-length)");
    }

    @Test
    void oneInstructionTooManyIsRefused() throws DockerfileException {
        String fits = "FROM x\n" + "RUN a\n".repeat(LIMITS.instructions() - 1);

        assertThat(dockerfile(fits).stages().getFirst().instructions()).hasSize(LIMITS.instructions() - 1);
        assertThat(failure(fits + "RUN a"))
                .hasMessage("Dockerfile:10001:1: there are more than 10000 instructions (limit instructions)");
        assertThat(failure("ARG a\n".repeat(LIMITS.instructions() + 1))).hasMessageContaining("limit instructions");
    }

    @Test
    void oneStageTooManyIsRefused() throws DockerfileException {
        String fits = "FROM x\n".repeat(LIMITS.stages());

        assertThat(dockerfile(fits).stages()).hasSize(LIMITS.stages());
        assertThat(failure(fits + "FROM x"))
                .hasMessage("Dockerfile:1001:1: there are more than 1000 stages (limit stages)");
    }

    @Test
    void aMillionStagesAndALineOfAHundredMebibytesAreRefusedAsOneTooManyIs() {
        assertThat(failure("FROM x\n".repeat(500_000)))
                .hasMessage("Dockerfile:1001:1: there are more than 1000 stages (limit stages)");
        assertThat(failure("FROM x\n".repeat(1_000_000))).hasMessageContaining("(limit dockerfile-size)");
        assertThat(failure("FROM x\nRUN " + "x".repeat(100 << 20))).hasMessageContaining("(limit dockerfile-size)");
    }

    @Test
    void jsonThatNestsOneDeeperIsRefusedForItsDepth() {
        assertThat(failure("FROM x\nCMD " + "[".repeat(64) + "]".repeat(64)))
                .hasMessageContaining("a JSON array must hold strings only");
        assertThat(failure("FROM x\nCMD " + "[".repeat(65) + "1" + "]".repeat(65)))
                .hasMessageContaining("JSON arrays nest deeper than 64 (limit nesting)");
        assertThat(failure("FROM x\nCMD " + "[".repeat(1 << 19))).hasMessageContaining("limit nesting");
        assertThat(failure("FROM x\nCMD " + "[{\"a\":".repeat(1 << 16))).hasMessageContaining("limit nesting");
    }
}
