package dev.jbuild.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
    private static final Digest DIGEST = Digest.parse("sha256:" + "ab".repeat(32));
    private static final Descriptor CONFIG = new Descriptor(MediaTypes.OCI_CONFIG, DIGEST, 7);
    private static final Descriptor LAYER = new Descriptor(MediaTypes.OCI_LAYER_GZIP, DIGEST, 42, Map.of("k", "v"));
    private static final String GOOD_CONFIG =
            "\"config\":{\"mediaType\":\"" + MediaTypes.OCI_CONFIG + "\",\"digest\":\"" + DIGEST + "\",\"size\":7}";

    @Test
    void readsWhatItWrites() throws Exception {
        Manifest manifest = Manifest.oci(CONFIG, List.of(LAYER, LAYER), Map.of("b", "2", "a", "1"));

        assertThat(Manifest.parse(manifest.toBytes(), MediaTypes.OCI_MANIFEST, "m"))
                .isEqualTo(manifest);
    }

    @Test
    void writesFieldsInTheSpecsOrderAndAnnotationsSorted() {
        Manifest manifest = Manifest.oci(CONFIG, List.of(), Map.of("b", "2", "a", "1"));

        assertThat(new String(manifest.toBytes(), StandardCharsets.UTF_8))
                .isEqualTo("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\"," + GOOD_CONFIG
                        + ",\"layers\":[],\"annotations\":{\"a\":\"1\",\"b\":\"2\"}}");
    }

    @Test
    void needsNoMediaTypeInside() throws Exception {
        assertThat(parse("{\"schemaVersion\":2," + GOOD_CONFIG + ",\"layers\":[]}")
                        .mediaType())
                .isEqualTo(MediaTypes.OCI_MANIFEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"schemaVersion\":1," + "CONFIG" + ",\"layers\":[]}",
                "{\"schemaVersion\":2,\"layers\":[]}",
                "{\"schemaVersion\":2,CONFIG}",
                "{\"schemaVersion\":2,CONFIG,\"layers\":{}}",
                "{\"schemaVersion\":2,CONFIG,\"layers\":[1]}",
                "{\"schemaVersion\":2,CONFIG,\"layers\":[{\"mediaType\":\"x\",\"size\":1}]}",
                "{\"schemaVersion\":2,CONFIG,\"layers\":[{\"mediaType\":\"x\",\"digest\":\"sha256:../x\",\"size\":1}]}",
                "{\"schemaVersion\":2,CONFIG,\"layers\":[{\"mediaType\":\"x\",\"digest\":\"DIGEST\",\"size\":-1}]}",
                "{\"schemaVersion\":2,CONFIG,\"layers\":[{\"mediaType\":\"x\",\"digest\":\"DIGEST\",\"size\":1.5}]}",
                "{\"schemaVersion\":2,CONFIG,\"layers\":[{\"mediaType\":\"x\",\"digest\":\"DIGEST\",\"size\":1e99}]}",
                "{\"schemaVersion\":2,CONFIG,\"layers\":[{\"mediaType\":\"x\",\"digest\":\"DIGEST\",\"size\":\"1\"}]}",
                "{\"schemaVersion\":2,CONFIG,\"layers\":[{\"digest\":\"DIGEST\",\"size\":1}]}",
                "{\"schemaVersion\":2,CONFIG,\"layers\":[],\"layers\":[]}",
                "{\"schemaVersion\":2,CONFIG,\"layers\":[],\"manifests\":[]}",
                "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",CONFIG,\"layers\":[]}"
            })
    void refusesHostileDocuments(String template) {
        String text = template.replace("CONFIG", GOOD_CONFIG).replace("DIGEST", DIGEST.toString());

        assertThatThrownBy(() -> parse(text)).isInstanceOf(IOException.class).hasMessageContaining("manifest x");
    }

    @Test
    void refusesOneLayerMoreThanOverlayfsStacks() throws Exception {
        Manifest most = Manifest.oci(CONFIG, Collections.nCopies(Manifest.MAX_LAYERS, LAYER), Map.of());
        Manifest more = Manifest.oci(CONFIG, Collections.nCopies(Manifest.MAX_LAYERS + 1, LAYER), Map.of());

        assertThat(Manifest.parse(most.toBytes(), MediaTypes.OCI_MANIFEST, "m").layers())
                .hasSize(500);
        assertThatThrownBy(() -> Manifest.parse(more.toBytes(), MediaTypes.OCI_MANIFEST, "m"))
                .hasMessageContaining("501 entries; the limit is 500");
    }

    @Test
    void refusesADocumentOfOneByteTooMuch() {
        byte[] document = new byte[Manifest.MAX_BYTES + 1];

        assertThatThrownBy(() -> Manifest.parse(document, MediaTypes.OCI_MANIFEST, "m"))
                .hasMessageContaining("the limit is " + Manifest.MAX_BYTES);
    }

    private static Manifest parse(String text) throws IOException {
        return Manifest.parse(text.getBytes(StandardCharsets.UTF_8), MediaTypes.OCI_MANIFEST, "manifest x");
    }
}
