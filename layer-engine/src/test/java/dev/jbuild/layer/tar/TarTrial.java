package dev.jbuild.layer.tar;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    private TarTrial() {}

    static void refuses(byte[] tar, String rule) {
        assertThatThrownBy(() -> read(tar, LayerLimits.defaults()))
                .isInstanceOf(RefusedLayerException.class)
                .hasMessageStartingWith("layer x is refused: ")
                .hasMessageContaining(rule);
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
