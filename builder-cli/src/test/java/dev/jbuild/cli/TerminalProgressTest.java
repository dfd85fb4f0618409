package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.core.api.BuildListener.Stream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a terminal shows after what was written to it. */
final class TerminalProgressTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final TerminalProgress progress = new TerminalProgress(out, () -> 0);

    @AfterEach
    void close() {
        progress.close();
    }

    @Test
    void finishedStepsStayAndTheLiveOnesAreBelowThem() {
        progress.started(1, "[1/2] FROM base");
        progress.started(2, "[2/2] RUN make");
        output(2, "compiling\n");
        progress.done(1, Duration.ofMillis(1260));

        assertThat(screen()).containsExactly(" => [1/2] FROM base  1.3s", " => [2/2] RUN make  0.0s  compiling");
    }

    @Test
    void nothingLiveIsLeftAtTheEnd() {
        progress.started(1, "[1/1] FROM base");
        progress.cached(1);
        progress.started(2, "exporting");
        progress.close();
        progress.note("too late");

        assertThat(screen()).containsExactly(" => [1/1] FROM base  CACHED");
    }

    @Test
    void notesStandAboveTheLiveLines() {
        progress.started(1, "a");
        progress.note("something\u001b[2J");

        assertThat(screen())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("note: something")
                .doesNotContain("\u001b");
    }

    @Test
    void aFailedStepShowsItsLastLines() {
        progress.started(1, "RUN false");
        output(1, "one\ntwo");
        progress.failed(1, "exit code: 1");

        assertThat(screen())
                .containsExactly(
                        " => RUN false  ERROR: exit code: 1", "------", " > RUN false:", "one", "two", "------");
    }

    @Test
    void noMoreLinesLiveThanASmallTerminalHas() {
        for (int i = 1; i <= 20; i++) {
            progress.started(i, "step " + i);
        }

        assertThat(screen()).hasSize(8);
    }

    private void output(int vertex, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        progress.output(vertex, Stream.STDOUT, bytes, 0, bytes.length);
    }

    /** The rows of a terminal that does what the few control sequences that are used ask for. */
    private List<String> screen() {
        String written;
        synchronized (progress) {
            progress.started(99, "");
            progress.cached(99);
            written = out.toString(StandardCharsets.UTF_8).replace(" =>   CACHED\n", "");
        }
        List<StringBuilder> rows = new ArrayList<>(List.of(new StringBuilder()));
        int row = 0;
        Matcher tokens = Pattern.compile("\u001b\\[(\\??[0-9]+)([A-Za-z])|\\r|\\n|[^\u001b\\r\\n]+")
                .matcher(written);
        while (tokens.find()) {
            String token = tokens.group();
            if ("A".equals(tokens.group(2))) {
                row--;
            } else if ("J".equals(tokens.group(2))) {
                rows.subList(row + 1, rows.size()).clear();
                rows.get(row).setLength(0);
            } else if (token.equals("\n")) {
                row++;
                if (row == rows.size()) {
                    rows.add(new StringBuilder());
                }
            } else if (!token.startsWith("\u001b") && !token.equals("\r")) {
                rows.get(row).append(token);
            }
        }
        return rows.stream()
                .map(StringBuilder::toString)
                .filter(text -> !text.isEmpty())
                .toList();
    }
}
