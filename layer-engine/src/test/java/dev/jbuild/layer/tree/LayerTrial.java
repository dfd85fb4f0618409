package dev.jbuild.layer.tree;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.linux.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssertAlternative;

/** Layers tried on a stack; the folder is their place. */
record LayerTrial(Path folder, LayerStack stack) {
    LayerTrial(Path folder) {
        this(folder, new LayerStack(folder));
    }

    ThrowableAssertAlternative<RefusedLayerException> refused(RecordedLayer layer) {
        return assertThatExceptionOfType(RefusedLayerException.class).isThrownBy(() -> applyAside(layer));
    }

    ThrowableAssertAlternative<RefusedLayerException> refused(LayerSource layer, LayerLimits limits) {
        return assertThatExceptionOfType(RefusedLayerException.class).isThrownBy(() -> unpack(layer, limits));
    }

    /** Over the stack as it is, which stays as it is. */
    void applyAside(RecordedLayer layer) throws IOException {
        Path directory = Files.createTempDirectory(folder, "aside");
        if (stack.directories().isEmpty()) {
            TreeWriter.unpack(Linux.system(), layer, directory, Optional.empty(), LayerLimits.defaults());
        } else {
            try (StackedTree lower = stack.tree()) {
                TreeWriter.unpack(Linux.system(), layer, directory, Optional.of(lower), LayerLimits.defaults());
            }
        }
    }

    void unpack(LayerSource layer, LayerLimits limits) throws IOException {
        Path directory = Files.createTempDirectory(folder, "aside");
        TreeWriter.unpack(Linux.system(), layer, directory, Optional.empty(), limits);
    }
}
