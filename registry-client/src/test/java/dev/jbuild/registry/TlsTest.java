package dev.jbuild.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.jbuild.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Registries with TLS. All host names lead to loopback here, so names and certificates can be made to differ. */
class TlsTest {
    private static SSLContext own;
    private static FakeServer registry;

    private final MemoryBlobs blobs = new MemoryBlobs();

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException, InterruptedException, GeneralSecurityException {
        own = TestKeys.forHost(folder, "registry.test").context();
        registry = FakeServer.withTls(own);
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static Client trusting() {
        return new Client(RegistryOptions.defaults().withTls(() -> own), Credentials.NONE);
    }

    private static String named(String host) {
        return host + ":" + registry.port();
    }

    @Test
    void aTrustedRegistryIsSpokenTo() throws IOException {
        Descriptor blob = blobs.addRandom(3_000_000);
        registry.on("GET", "/v2/app/blobs/*", FakeServer.Reply.of(200).body(blobs.bytes(blob)));

        try (Client client = trusting();
                InputStream in = client.app(named("registry.test")).open(blob)) {
            assertThat(in.readAllBytes()).isEqualTo(blobs.bytes(blob));
        }
    }

    @Test
    void anUploadGoesThroughTls() throws IOException {
        Descriptor blob = blobs.addRandom(5_000_000);
        registry.on("POST", "/*", FakeServer.Reply.of(202).with("Location", "/up"));
        registry.on("PUT", "/up", FakeServer.Reply.of(201));

        try (Client client = trusting()) {
            client.app(named("registry.test")).upload(blob, blobs);
        }
        assertThat(registry.seen("PUT"))
                .anySatisfy(request -> assertThat(request.body()).isEqualTo(blobs.bytes(blob)));
    }

    @Test
    void aCertificateForAnotherHostIsRefusedAtOnce() {
        try (Client client = trusting()) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(named("other.test")).head("v1"))
                    .withMessageContaining("other.test");
            assertThat(client.timing().pauses()).isEmpty();
        }
    }

    @Test
    void aCertificateThatNobodyTrustsIsRefusedAtOnce() {
        try (Client client = new Client()) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(named("registry.test")).head("v1"))
                    .withMessageContaining("certification path");
            assertThat(client.timing().pauses()).isEmpty();
        }
    }

    @Test
    void aRegistryWithoutTlsMustBeListed() throws IOException {
        try (RawServer plain =
                        new RawServer((head, in, out) -> RawServer.say(out, "HTTP/1.1 400 Bad Request\r\n\r\n"));
                Client client = trusting()) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(plain.host().replace("127.0.0.1", "registry.test"))
                            .head("v1"))
                    .withMessageContaining("must be listed as insecure");
        }
    }

    @Test
    void aRegistryThatSaysNothingToTlsIsLeftAfterThreeTries() throws IOException {
        HttpLimits usual = HttpLimits.defaults();
        HttpLimits hasty = new HttpLimits(
                Duration.ofMillis(200),
                usual.firstByte(),
                usual.slowWindow(),
                usual.slowestRate(),
                usual.headBytes(),
                usual.attempts(),
                usual.longestWait(),
                usual.totalWait(),
                usual.connections(),
                usual.uploadChunk());
        try (RawServer silent = new RawServer((head, in, out) -> Thread.sleep(10_000));
                Client client = new Client(RegistryOptions.defaults().withLimits(hasty), Credentials.NONE)) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(silent.host().replace("127.0.0.1", "registry.test"))
                            .head("v1"))
                    .withMessageContaining("no TLS with https://registry.test")
                    .withMessageContaining("after 3 attempts");
        }
    }

    @Test
    void aTlsRegistryIsReachedThroughAProxy() throws IOException {
        try (RawProxy proxy = new RawProxy(registry.port());
                Client client = new Client(
                        RegistryOptions.defaults().withTls(() -> own).withProxies(proxy.withLogin()),
                        Credentials.NONE)) {
            assertThat(client.app("registry.test").head("v1")).isEmpty();

            assertThat(proxy.heads())
                    .singleElement()
                    .satisfies(head -> assertThat(head)
                            .startsWith("CONNECT registry.test:443 HTTP/1.1\r\n")
                            .contains("Proxy-Authorization: Basic dXNlcjpwYXNz\r\n"));
            assertThat(registry.seen())
                    .allSatisfy(request ->
                            assertThat(request.field("Proxy-authorization")).isEmpty());
        }
    }

    @Test
    void aProxyThatRefusesIsNamed() throws IOException {
        try (RawServer proxy = new RawServer((head, in, out) -> RawServer.say(out, "HTTP/1.1 403 No\r\n\r\n"));
                Client client = new Client(
                        RegistryOptions.defaults()
                                .withTls(() -> own)
                                .withProxies(target -> Optional.of(URI.create("http://user:pass@" + proxy.host()))),
                        Credentials.NONE)) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app("registry.test").head("v1"))
                    .withMessageContaining("the proxy http://" + proxy.host() + " answers 403")
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("pass@"));
        }
    }
}
