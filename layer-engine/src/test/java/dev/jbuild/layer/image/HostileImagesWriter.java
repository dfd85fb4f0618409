package dev.jbuild.layer.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Not a test: {@code testdata/hostile} calls it to write the hostile images into a folder. */
final class HostileImagesWriter {
    @Test
    void writesThemAll() throws Exception {
        Path folder = Optional.ofNullable(System.getProperty("jbuild.hostile"))
                .map(Path::of)
                .orElseGet(() -> abort("jbuild.hostile names no folder"));
        assertThat(HostileImages.writeTo(folder)).isNotEmpty();
        assertThat(HostileImages.writeThoseLeadingOut(folder)).isNotEmpty();
    }
}
