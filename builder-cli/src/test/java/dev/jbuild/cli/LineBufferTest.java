package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LineBufferTest {
    private final List<byte[]> lines = new ArrayList<>();
    private final LineBuffer buffer = new LineBuffer(lines::add);

    @Test
    void aLineWithoutEndIsCut() {
        byte[] endless = new byte[LineBuffer.LONGEST + 1];
        buffer.append(endless, 0, endless.length);
        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst()).hasSize(LineBuffer.LONGEST);
        buffer.finish();
        assertThat(lines).hasSize(2);
        assertThat(lines.getLast()).hasSize(1);
    }

    @Test
    void finishingTwiceGivesNothingTwice() {
        buffer.append(new byte[] {'x'}, 0, 1);
        buffer.finish();
        buffer.finish();
        assertThat(lines).hasSize(1);
    }

    @Test
    void emptyLinesAreLines() {
        buffer.append(new byte[] {'\n', '\r', '\n'}, 0, 3);
        assertThat(lines).hasSize(2).allSatisfy(line -> assertThat(line).isEmpty());
    }
}
