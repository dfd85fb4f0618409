package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LastLinesTest {
    private final LastLines lines = new LastLines();

    @Test
    void withoutOutputThereIsNothing() {
        assertThat(lines.text()).isEmpty();
    }

    @Test
    void piecesAreJoinedAndOnlyTheLastTenLinesKept() {
        for (int i = 0; i < 25; i++) {
            add("li");
            add("ne " + i + "\n");
        }

        assertThat(lines.text().lines()).hasSize(10).startsWith("line 15").endsWith("line 24");
    }

    @Test
    void anEndlessLineDoesNotGrowMemory() {
        for (int i = 0; i < 100; i++) {
            add("x".repeat(4096));
        }

        assertThat(lines.text()).hasSize(8 << 10);
    }

    @Test
    void onlyTheGivenPartOfTheBufferCounts() {
        lines.add("abcdef".getBytes(StandardCharsets.UTF_8), 2, 3);

        assertThat(lines.text()).isEqualTo("cde");
    }

    private void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        lines.add(bytes, 0, bytes.length);
    }
}
