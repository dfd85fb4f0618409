package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layer.tar.WrittenLayer;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.MediaTypes;
import dev.jbuild.runtime.StepUsage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepRecordTest {
    private static final Digest DIFF_ID = Digest.parse("sha256:" + "a".repeat(64));
    private static final Digest BLOB = Digest.parse("sha256:" + "b".repeat(64));

    @Test
    void aRecordIsReadAsItWasWritten() throws Exception {
        StepRecord tree = new StepRecord("step-1", Optional.empty(), "2026-01-02T03:04:05Z", Optional.empty());
        StepRecord both = new StepRecord(
                "step-2",
                Optional.of(new WrittenLayer(DIFF_ID, new Descriptor(MediaTypes.OCI_LAYER_GZIP, BLOB, 123))),
                "2026-01-02T03:04:05Z",
                Optional.of(new StepUsage(Duration.ofMillis(1500), Duration.ofMillis(900), 4096, 1, 2)));

        assertThat(StepRecord.parse(tree.toBytes())).isEqualTo(tree);
        assertThat(StepRecord.parse(both.toBytes())).isEqualTo(both);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "null"})
    void whatIsNoRecordIsRefused(String text) {
        assertThatThrownBy(() -> StepRecord.parse(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IOException.class);
    }
}
