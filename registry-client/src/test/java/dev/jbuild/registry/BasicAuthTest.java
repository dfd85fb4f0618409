package dev.jbuild.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logging in by password, at Debian's docker-registry. */
@Tag("peer")
class BasicAuthTest {
    @TempDir
    private Path folder;

    private final MemoryBlobs blobs = new MemoryBlobs();
    private DebianRegistry registry;

    @BeforeEach
    void start() throws IOException {
        registry = DebianRegistry.startWithLogin(folder);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private RegistryException refusal(Credentials credentials) {
        try (RegistryClient client = new RegistryClient(RegistryOptions.defaults(), credentials)) {
            return assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> repository(client).head("v1"))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.DENIED))
                    .actual();
        }
    }

    private Repository repository(RegistryClient client) {
        return client.repository(ImageName.parse(registry.host() + "/app"));
    }

    @Test
    void theRightPasswordOpensTheRegistry() throws IOException {
        try (RegistryClient client = new RegistryClient(RegistryOptions.defaults(), DebianRegistry.credentials())) {
            Descriptor blob = blobs.addRandom(100_000);

            repository(client).upload(blob, blobs);

            assertThat(repository(client).has(blob)).isTrue();
        }
    }

    @Test
    void noPasswordIsSaidToBeMissing() {
        assertThat(refusal(Credentials.NONE)).hasMessageContaining("asks for a login, and none is known");
    }

    @Test
    void aWrongPasswordIsSaidToBeRefused() {
        assertThat(refusal(host -> Optional.of(new Login.Password("anna", "wrong"))))
                .hasMessageContaining("the server answers 401 (with the password of anna for " + registry.host() + ")");
    }
}
