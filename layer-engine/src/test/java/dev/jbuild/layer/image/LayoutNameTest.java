package dev.jbuild.layer.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Index;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayoutNameTest {
    @ParameterizedTest
    @CsvSource({
        "oci:folder, folder, ",
        "oci:/a/b:1.0, /a/b, 1.0",
        "oci:store:docker.io/library/app:latest, store, docker.io/library/app:latest"
    })
    void theFirstColonEndsTheFolder(String text, String folder, String tag) {
        LayoutName name = LayoutName.parse(text);
        assertThat(name.folder()).isEqualTo(Path.of(folder));
        assertThat(name.tag()).isEqualTo(Optional.ofNullable(tag));
        assertThat(name).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"oci:", "oci::tag", "oci:folder:", "folder", "docker:folder"})
    void whatLacksAPartIsRefused(String text) {
        assertThatThrownBy(() -> LayoutName.parse(text)).hasMessageContaining("oci:FOLDER[:TAG]");
    }

    @Test
    void ofSeveralImagesWithoutATagTheLatestIsMeant() {
        Index index = Index.oci(List.of(entry("1"), entry("latest")));
        assertThat(LayoutName.parse("oci:x").select(index))
                .contains(entry("latest").manifest());
        assertThat(LayoutName.parse("oci:x:1").select(index))
                .contains(entry("1").manifest());
        assertThat(LayoutName.parse("oci:x:2").select(index)).isEmpty();
        assertThat(LayoutName.parse("oci:x").matches(index)).hasSize(2);
    }

    @Test
    void theOnlyImageNeedsNoTag() {
        assertThat(LayoutName.parse("oci:x").select(Index.oci(List.of(entry("1")))))
                .isPresent();
    }

    private static Index.Entry entry(String tag) {
        Descriptor plain = Descriptor.of("text/plain", tag.getBytes(StandardCharsets.US_ASCII));
        return new Index.Entry(
                new Descriptor(
                        plain.mediaType(),
                        plain.digest(),
                        plain.size(),
                        Map.of("org.opencontainers.image.ref.name", tag)),
                Optional.empty());
    }
}
