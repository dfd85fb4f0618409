package dev.jbuild.dockerfile;

import static dev.jbuild.dockerfile.Parsing.dockerfile;
import static dev.jbuild.dockerfile.Parsing.failure;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExcerptTest {
    @Test
    void theFaultyLinesAreMarkedAmongTheirNeighbours() {
        String text = "FROM a\n\nRUM b \\\n  c\nRUN d\n\nRUN e";

        assertThat(failure(text).excerpt(text.getBytes(StandardCharsets.UTF_8))).isEqualTo("""
                        Dockerfile:3
                        --------------------
                           1 |     FROM a
                           2 |    \s
                           3 | >>> RUM b \\
                           4 | >>>   c
                           5 |     RUN d
                           6 |    \s
                        --------------------
                        """);
    }

    @Test
    void anErrorFoundLaterIsShownInTheParsedFile() throws DockerfileException {
        Dockerfile file = dockerfile("FROM a\nRUN b\nRUN c\nRUN d\nRUN e");
        Instruction run = file.stages().getFirst().instructions().get(1);

        assertThat(new DockerfileException("Dockerfile", run.range(), "it failed").excerpt(file))
                .isEqualTo("""
                        Dockerfile:3
                        --------------------
                           1 |     FROM a
                           2 |     RUN b
                           3 | >>> RUN c
                           4 |     RUN d
                           5 |     RUN e
                        --------------------
                        """);
    }

    @Test
    void whatCouldDriveATerminalIsNotPrinted() {
        List<String> lines = List.of("RUN \u001b[2J\u009b1m\ta\u202eb\u2066\0\u007f");

        assertThat(Excerpt.of("D\u001b]0;x\u0007", lines, new SourceRange(new Position(1, 1), 1)))
                .isEqualTo("""
                        D\uFFFD]0;x\uFFFD:1
                        --------------------
                           1 | >>> RUN \uFFFD[2J\uFFFD1m\ta\uFFFDb\uFFFD\uFFFD\uFFFD
                        --------------------
                        """);
    }

    @Test
    void longLinesAndLongRangesAreCutShort() {
        List<String> lines = Collections.nCopies(10_000, "a".repeat(1_000));
        String excerpt = Excerpt.of("D", lines, new SourceRange(new Position(1, 1), 10_000));

        assertThat(excerpt.lines()).hasSize(28).allMatch(l -> l.length() <= 220);
        assertThat(excerpt).contains("     | >>> (9976 more lines)\n").contains("10000 | >>> aaa");
    }

    @Test
    void aRangeBeyondTheFileShowsWhatIsThere() {
        assertThat(Excerpt.of("D", List.of("a"), new SourceRange(new Position(5, 1), 9)))
                .isEqualTo("D:5\n--------------------\n--------------------\n");
        assertThat(Excerpt.of("D", List.of(), new SourceRange(new Position(1, 1), 1)))
                .isEqualTo("D:1\n--------------------\n--------------------\n");
    }
}
