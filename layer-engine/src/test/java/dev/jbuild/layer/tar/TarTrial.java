package dev.jbuild.layer.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.RefusedLayerException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** Tars read as the layer {@code x}. */
final class TarTrial {
    /** What is refused is no entry's fault. */
    static final String NO_ENTRY = "";

    private TarTrial() {}

    /**
     * @param entry that the line names; for an extended header that breaks a rule itself, its own name
     * @param rule a part of it
     */
    static void refuses(byte[] tar, String entry, String rule) {
        assertThatExceptionOfType(RefusedLayerException.class)
                .isThrownBy(() -> read(tar, LayerLimits.defaults()))
                .withMessageStartingWith("layer x is refused: " + entry + (entry.isEmpty() ? "" : ": "))
                .withMessageContaining(rule)
                .satisfies(refusal -> assertThat(refusal.entry()).isEqualTo(entry));
    }

    static List<LayerEntry> read(byte[] tar, LayerLimits limits) throws IOException {
        List<LayerEntry> entries = new ArrayList<>();
        new TarLayerReader(new ByteArrayInputStream(tar), limits, "layer x").writeTo((entry, in) -> {
            entries.add(entry);
            in.transferTo(OutputStream.nullOutputStream());
        });
        return entries;
    }
}
