package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.oci.ContainerConfig;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.History;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.oci.Platform;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class HistoryTableTest {
    private static final Digest LAYER = Digest.parse("sha256:" + "ab".repeat(32));

    private static ImageConfig config(String instruction) {
        return new ImageConfig(
                Platform.parse("linux/amd64"),
                Optional.empty(),
                "",
                ContainerConfig.EMPTY,
                List.of(LAYER),
                List.of(
                        new History(Optional.empty(), "ENV a=b", "", "", true),
                        new History(Optional.empty(), instruction, "", "note", false)));
    }

    @Test
    void theLatestStepComesFirstAndNamesItsLayer() {
        String[] lines =
                new HistoryTable(Instant.EPOCH, false).of(config("COPY x /")).split("\n", -1);
        assertThat(lines[1])
                .startsWith("abababababab   N/A")
                .contains("COPY x /")
                .endsWith("note");
        assertThat(lines[2]).startsWith("-  ").contains("ENV a=b");
    }

    @Test
    void longInstructionsAreCutUnlessWantedInFull() {
        String instruction = "RUN " + "x".repeat(100);
        assertThat(new HistoryTable(Instant.EPOCH, false).of(config(instruction)))
                .contains("xxx…")
                .doesNotContain(instruction);
        assertThat(new HistoryTable(Instant.EPOCH, true).of(config(instruction)))
                .contains(instruction)
                .contains(LAYER.toString());
    }

    @Test
    void instructionsOfOthersCannotSteerTheTerminal() {
        assertThat(new HistoryTable(Instant.EPOCH, false).of(config("RUN \u001b]0;x\u0007")))
                .contains("RUN \\x1b]0;x\\x07");
    }
}
