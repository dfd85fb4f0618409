package dev.jbuild.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.jbuild.oci.CorruptBlobException;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.MediaTypes;
import dev.jbuild.registry.FakeServer.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents and blobs that are not what they claim to be, and names that are none. */
class HostileContentTest {
    private static final byte[] CONTENT = "a layer".getBytes(StandardCharsets.UTF_8);
    private static final Descriptor BLOB = Descriptor.of(MediaTypes.OCI_LAYER_GZIP, CONTENT);

    private FakeServer registry;

    @BeforeEach
    void start() throws IOException {
        registry = new FakeServer();
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private static byte[] read(Repository repository, Descriptor blob) throws IOException {
        try (InputStream in = repository.open(blob)) {
            return in.readAllBytes();
        }
    }

    /** CVE-2024-3727: a digest that was no digest went into paths and URLs. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "sha256:../../x",
                "sha256:",
                "md5:d41d8cd98f00b204e9800998ecf8427e",
                "../x",
                "",
                "a/b",
                "a?b",
                "-a"
            })
    void aReferenceThatIsNeitherTagNorDigestIsNotSent(String reference) {
        try (Client client = new Client()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> client.app(registry.host()).head(reference));
        }
        assertThat(registry.seen()).isEmpty();
    }

    @Test
    void aClaimedDigestThatIsNoneIsRefused() {
        registry.on("*", "/*", Reply.json("{'schemaVersion':2}").with("Docker-Content-Digest", "sha256:../../etc"));

        try (Client client = new Client()) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(registry.host()).manifest("v1"))
                    .withMessageContaining("invalid digest");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../admin", "App", "a?b=c", "a&b", ""})
    void aRepositoryToMountFromMustBeOne(String from) {
        try (Client client = new Client()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> client.app(registry.host()).mount(BLOB, from));
        }
        assertThat(registry.seen()).isEmpty();
    }

    /** CVE-2021-41190: one document, two readings. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'schemaVersion':2,'mediaType':'application/vnd.oci.image.index.v1+json','manifests':[]}",
                "{'schemaVersion':2,'manifests':[],'layers':[]}",
                "{'schemaVersion':2,'manifests':[],'config':{}}",
                "{'schemaVersion':2,'mediaType':'application/vnd.oci.image.manifest.v1+json','mediaType':'x'}",
                "{'schemaVersion':2,'mediaType':7}",
                "[]",
                "{} {}",
                "not json"
            })
    void aManifestThatCanBeReadInTwoWaysIsRefused(String document) {
        registry.on("*", "/*", Reply.json(document).with("Content-Type", MediaTypes.OCI_MANIFEST));

        try (Client client = new Client()) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(registry.host()).manifest("v1"))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.REFUSED));
        }
        assertThat(registry.seen()).hasSize(1);
    }

    @Test
    void aBlobWithOtherContentIsCorruptByBothDigests() throws IOException {
        byte[] swapped = "a LAYER".getBytes(StandardCharsets.UTF_8);
        registry.on("GET", "/v2/app/blobs/*", Reply.of(200).body(swapped));

        try (Client client = new Client()) {
            assertThatExceptionOfType(CorruptBlobException.class)
                    .isThrownBy(() -> read(client.app(registry.host()), BLOB))
                    .withMessageContaining(BLOB.digest().toString())
                    .withMessageContaining(Digest.of(swapped).toString());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 8})
    void aBlobOfAnotherLengthIsCorrupt(int length) {
        registry.on("GET", "/v2/app/blobs/*", Reply.of(200).body(new byte[length]));

        try (Client client = new Client()) {
            assertThatExceptionOfType(CorruptBlobException.class)
                    .isThrownBy(() -> read(client.app(registry.host()), BLOB))
                    .withMessageContaining(length + " bytes");
        }
    }

    @Test
    void aManifestWithOtherContentThanItsDigestIsRefused() {
        registry.on("*", "/*", Reply.json("{'schemaVersion':2}").with("Content-Type", MediaTypes.OCI_MANIFEST));
        Digest wanted = Digest.of(new byte[0]);

        try (Client client = new Client()) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(registry.host()).manifest(wanted.toString()))
                    .withMessageContaining(wanted.toString())
                    .withMessageContaining("hashes to");
        }
    }

    @Test
    void aTagsManifestThatIsNotWhatItsAnswerClaimsIsRefused() {
        registry.on(
                "*",
                "/*",
                Reply.json("{'schemaVersion':2}")
                        .with("Content-Type", MediaTypes.OCI_MANIFEST)
                        .with("Docker-Content-Digest", Digest.of(new byte[0]).toString()));

        try (Client client = new Client()) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(registry.host()).manifest("v1"))
                    .withMessageContaining("hashes to");
        }
    }

    @Test
    void aHeadThatClaimsAnotherDigestThanAskedForIsRefused() {
        registry.on(
                "HEAD",
                "/*",
                Reply.of(200)
                        .with("Content-Type", MediaTypes.OCI_MANIFEST)
                        .with("Content-Length", "5")
                        .with("Docker-Content-Digest", Digest.of(new byte[1]).toString()));

        try (Client client = new Client()) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(registry.host())
                            .head(Digest.of(new byte[0]).toString()));
        }
    }

    @Test
    void aManifestOfMoreThanFourMebibytesIsNotRead() {
        registry.on(
                "*", "/*", Reply.of(200).body(new byte[(4 << 20) + 1]).with("Content-Type", MediaTypes.OCI_MANIFEST));

        try (Client client = new Client()) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(registry.host()).manifest("v1"))
                    .withMessageContaining("limit of 4194304 bytes");
        }
    }

    @Test
    void aManifestNestedTooDeepIsRefused() {
        String deep = "{'a':" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        registry.on("*", "/*", Reply.json(deep).with("Content-Type", MediaTypes.OCI_MANIFEST));

        try (Client client = new Client()) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(registry.host()).manifest("v1"))
                    .withMessageContaining("depth");
        }
    }
}
