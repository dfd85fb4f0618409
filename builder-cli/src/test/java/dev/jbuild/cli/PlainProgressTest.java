package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.core.api.BuildListener.Stream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PlainProgressTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private long now;
    private final PlainProgress progress = new PlainProgress(out, () -> now);

    private void output(int vertex, String text) {
        byte[] bytes = ("<<" + text + ">>").getBytes(StandardCharsets.UTF_8);
        progress.output(vertex, Stream.STDOUT, bytes, 2, bytes.length - 4);
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void stepsAreNumberedAndTimed() {
        progress.started(1, "[internal] load build definition from Dockerfile");
        progress.done(1, Duration.ZERO);
        progress.started(2, "[1/2] FROM base");
        progress.cached(2);
        progress.started(3, "[2/2] RUN make");
        now += 123_000_000;
        output(3, "one\ntwo\n");
        progress.done(3, Duration.ofMillis(1260));
        assertThat(text()).isEqualTo("""
                        #1 [internal] load build definition from Dockerfile
                        #1 DONE 0.0s

                        #2 [1/2] FROM base
                        #2 CACHED

                        #3 [2/2] RUN make
                        #3 0.123 one
                        #3 0.123 two
                        #3 DONE 1.3s
                        """);
    }

    @Test
    void linesThatComeInPiecesArePutTogether() {
        progress.started(1, "RUN x");
        output(1, "a");
        output(1, "b\r\nc");
        progress.done(1, Duration.ZERO);
        assertThat(text()).contains("#1 0.000 ab\n#1 0.000 c\n#1 DONE");
    }

    @Test
    void bytesThatAreNoTextPassAsTheyAre() {
        progress.started(1, "RUN x");
        progress.output(1, Stream.STDERR, new byte[] {(byte) 0xff, (byte) 0xfe, '\n'}, 0, 3);
        assertThat(out.toByteArray()).contains(0xff, 0xfe);
    }

    @Test
    void aFailureRepeatsTheLastLinesOfItsStep() {
        progress.started(1, "[2/2] RUN make");
        for (int i = 1; i <= 12; i++) {
            output(1, "line " + i + "\n");
        }
        progress.failed(1, "exit code: 2");
        assertThat(text())
                .contains("#1 ERROR: exit code: 2\n------\n > [2/2] RUN make:\nline 3\n")
                .endsWith("line 12\n------\n");
    }

    @Test
    void aFailureWithoutOutputHasNothingToRepeat() {
        progress.started(1, "[2/2] COPY a b");
        progress.failed(1, "a: not found");
        assertThat(text()).isEqualTo("#1 [2/2] COPY a b\n#1 ERROR: a: not found\n");
    }

    @Test
    void namesCannotSteerTheTerminal() {
        progress.started(1, "RUN \u001b[2J\nx");
        progress.note("\u0007");
        assertThat(text()).isEqualTo("#1 RUN \\x1b[2J\\nx\nnote: \\x07\n");
    }

    @Test
    void eventsOfUnknownStepsDoNoHarm() {
        output(7, "lost\n");
        progress.cached(8);
        assertThat(text()).isEqualTo("#8 CACHED\n");
    }
}
