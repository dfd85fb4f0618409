package dev.jbuild.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexTest {
    private static final Descriptor AMD64 = manifest('a');
    private static final Descriptor ARM64 = manifest('b');
    private static final Descriptor ATTESTATION = manifest('c');

    @Test
    void readsWhatItWrites() throws Exception {
        Index index = Index.oci(List.of(
                new Index.Entry(AMD64, Optional.of(Platform.parse("linux/amd64/v3"))),
                new Index.Entry(ARM64, Optional.empty())));

        assertThat(Index.parse(index.toBytes(), MediaTypes.OCI_INDEX, "i")).isEqualTo(index);
    }

    @Test
    void selectsTheFirstImageForThePlatform() {
        Index index = Index.oci(List.of(
                new Index.Entry(ATTESTATION, Optional.of(Platform.parse("unknown/unknown"))),
                new Index.Entry(ARM64, Optional.of(Platform.parse("linux/arm64"))),
                new Index.Entry(AMD64, Optional.of(Platform.parse("linux/amd64")))));

        assertThat(index.select(Platform.parse("linux/amd64"))).contains(AMD64);
        assertThat(index.select(Platform.parse("linux/s390x"))).isEmpty();
    }

    @Test
    void entryWithoutPlatformIsNeverSelected() {
        Index index = Index.oci(List.of(new Index.Entry(AMD64, Optional.empty())));

        assertThat(index.select(Platform.parse("linux/amd64"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"schemaVersion\":2}",
                "{\"schemaVersion\":2,\"manifests\":{}}",
                "{\"schemaVersion\":2,\"manifests\":[],\"layers\":[]}",
                "{\"schemaVersion\":2,\"manifests\":[],\"config\":{}}",
                "{\"schemaVersion\":2,\"manifests\":[null]}",
                "{\"schemaVersion\":2,\"manifests\":[],\"annotations\":{\"a\":1}}",
                "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"manifests\":[]}"
            })
    void refusesHostileDocuments(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(IOException.class);
    }

    @Test
    void refusesAPlatformThatIsNone() {
        String entry = "{\"mediaType\":\"x\",\"digest\":\"" + AMD64.digest()
                + "\",\"size\":1,\"platform\":{\"os\":\"li\\nnux\",\"architecture\":\"amd64\"}}";

        assertThatThrownBy(() -> parse("{\"schemaVersion\":2,\"manifests\":[" + entry + "]}"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("operating system");
    }

    private static Index parse(String text) throws IOException {
        return Index.parse(text.getBytes(StandardCharsets.UTF_8), MediaTypes.OCI_INDEX, "index x");
    }

    private static Descriptor manifest(char digit) {
        Digest digest = Digest.parse("sha256:" + String.valueOf(digit).repeat(64));
        return new Descriptor(MediaTypes.OCI_MANIFEST, digest, 10);
    }
}
