package dev.jbuild.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.MediaTypes;
import dev.jbuild.oci.NoSuchBlobException;
import dev.jbuild.registry.FakeServer.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What hostile registries have done to other clients, one test for each. */
class RegistryThreatsTest {
    private static final String SECRET = "h0rse-b4ttery";
    private static final Credentials ANNA = registry -> Optional.of(new Login.Password("anna", SECRET));
    private static final String BASIC =
            "Basic " + Base64.getEncoder().encodeToString(("anna:" + SECRET).getBytes(StandardCharsets.UTF_8));
    private static final byte[] CONTENT = "a layer".getBytes(StandardCharsets.UTF_8);
    private static final Descriptor BLOB = Descriptor.of(MediaTypes.OCI_LAYER_GZIP, CONTENT);

    private FakeServer registry;
    private FakeServer other;

    @BeforeEach
    void start() throws IOException {
        registry = new FakeServer();
        other = new FakeServer();
    }

    @AfterEach
    void stop() {
        registry.close();
        other.close();
    }

    private void wantBasicLogin() {
        registry.on(
                "*",
                "/*",
                request -> request.field("Authorization").filter(BASIC::equals).isPresent()
                        ? Reply.of(404)
                        : Reply.of(401).with("WWW-Authenticate", "Basic realm=\"x\""));
    }

    private static byte[] read(Repository repository, Descriptor blob) throws IOException {
        try (InputStream in = repository.open(blob)) {
            return in.readAllBytes();
        }
    }

    /** CVE-2020-15157: containerd fetched the address in a foreign layer, and gave the login to who answered 401. */
    @Test
    void anotherHostThatAsksForALoginGetsNone() {
        wantBasicLogin();
        registry.on(
                "GET",
                "/v2/app/blobs/*",
                request -> request.field("Authorization").isEmpty()
                        ? Reply.of(401).with("WWW-Authenticate", "Basic realm=\"x\"")
                        : Reply.of(307).with("Location", other.url("/blob")));
        other.on("*", "/*", Reply.of(401).with("WWW-Authenticate", "Basic realm=\"x\""));

        try (Client client = new Client(ANNA)) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(registry.host()).open(BLOB))
                    .withMessageContaining("401");
        }
        assertThat(other.seen())
                .hasSize(1)
                .allSatisfy(
                        request -> assertThat(request.field("Authorization")).isEmpty());
    }

    @Test
    void aForeignLayerIsAskedOfTheRepositoryAlone() throws IOException {
        Descriptor foreign =
                new Descriptor("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", BLOB.digest(), BLOB.size());

        try (Client client = new Client(ANNA)) {
            assertThatExceptionOfType(NoSuchBlobException.class)
                    .isThrownBy(() -> client.app(registry.host()).open(foreign));
        }
        assertThat(registry.log()).containsExactly("GET /v2/app/blobs/" + BLOB.digest());
    }

    @Test
    void aTokenServerOfAnotherDomainGetsNoPassword() {
        registry.on(
                "*",
                "/*",
                Reply.of(401).with("WWW-Authenticate", "Bearer realm=\"http://evil.test:" + other.port() + "/t\""));

        try (Client client = Client.insecure(ANNA, "registry.test:" + registry.port(), "evil.test:" + other.port())) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(
                            () -> client.app("registry.test:" + registry.port()).head("v1"))
                    .withMessageContaining("gets no password");
        }
        assertThat(other.seen()).isEmpty();
    }

    /** Server-side request forgery: a public registry must not make us knock at doors inside. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:%d/t",
                "http://169.254.169.254/t",
                "http://2130706433:%d/t",
                "https://10.0.0.1/t"
            })
    void aTokenServerAtAPrivateAddressIsNotAsked(String realm) {
        registry.on(
                "*",
                "/*",
                Reply.of(401).with("WWW-Authenticate", "Bearer realm=\"" + realm.formatted(other.port()) + "\""));

        try (Client client = Client.insecure(Credentials.NONE, "registry.test:" + registry.port())) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(
                            () -> client.app("registry.test:" + registry.port()).head("v1"))
                    .withMessageContaining("private address");
        }
        assertThat(other.seen()).isEmpty();
    }

    @Test
    void aTokenServerIsNotFollowedToAPrivateAddress() {
        registry.on(
                "*",
                "/*",
                Reply.of(401).with("WWW-Authenticate", "Bearer realm=\"http://auth.test:" + registry.port() + "/t\""));
        registry.on("GET", "/t", Reply.of(302).with("Location", other.url("/latest/meta-data")));

        String host = "registry.test:" + registry.port();
        try (Client client = Client.insecure(ANNA, host, "auth.test:" + registry.port())) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(host).head("v1"));
        }
        assertThat(other.seen()).isEmpty();
    }

    /** go-containerregistry 2337: the transport put the token back on after a redirect to another host. */
    @Test
    void aRedirectToAnotherOriginCarriesNoLogin() throws IOException {
        wantBasicLogin();
        registry.on(
                "GET",
                "/v2/app/blobs/*",
                request -> request.field("Authorization").isEmpty()
                        ? Reply.of(401).with("WWW-Authenticate", "Basic realm=\"x\"")
                        : Reply.of(307).with("Location", other.url("/hop")));
        other.on("GET", "/hop", Reply.of(302).with("Location", "/blob"));
        other.on("GET", "/blob", Reply.of(200).body(CONTENT));

        try (Client client = new Client(ANNA)) {
            assertThat(read(client.app(registry.host()), BLOB)).isEqualTo(CONTENT);
        }
        assertThat(other.seen()).hasSize(2).allSatisfy(request -> {
            assertThat(request.field("Authorization")).isEmpty();
            assertThat(request.field("Cookie")).isEmpty();
        });
    }

    @Test
    void aRedirectBackToTheRegistryCarriesNoLoginEither() throws IOException {
        wantBasicLogin();
        registry.on(
                "GET",
                "/v2/app/blobs/*",
                request -> request.field("Authorization").isEmpty()
                        ? Reply.of(401).with("WWW-Authenticate", "Basic realm=\"x\"")
                        : Reply.of(307).with("Location", other.url("/hop")));
        other.on("GET", "/hop", Reply.of(302).with("Location", registry.url("/blob")));
        registry.on("GET", "/blob", Reply.of(200).body(CONTENT));

        try (Client client = new Client(ANNA)) {
            assertThat(read(client.app(registry.host()), BLOB)).isEqualTo(CONTENT);
        }
        assertThat(registry.seen().getLast().field("Authorization")).isEmpty();
    }

    @Test
    void aRedirectThatNeverEndsIsLeftAfterFiveHops() {
        registry.on("*", "/*", request -> Reply.of(307).with("Location", request.target() + "x"));

        try (Client client = new Client()) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(registry.host()).open(BLOB))
                    .withMessageContaining("more than 5 times");
        }
        assertThat(registry.seen()).hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"file:///etc/passwd", "http://10.0.0.1/", "ftp://127.0.0.1/", "http://elsewhere.test/", "::"})
    void aRedirectToWhereNobodyShouldGoIsRefused(String location) {
        registry.on("*", "/*", Reply.of(302).with("Location", location));

        try (Client client = new Client()) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(registry.host()).open(BLOB))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.REFUSED));
        }
        assertThat(registry.seen()).hasSize(1);
    }

    /** skopeo 1.9.3 sends its bearer token to any host that an upload's Location names. */
    @Test
    void anUploadAddressOnAnotherHostGetsTheBlobButNotTheLogin() throws IOException {
        wantBasicLogin();
        registry.on("POST", "/v2/app/blobs/uploads/", Reply.of(202).with("Location", other.url("/up?x=1")));
        other.on("PUT", "/up", Reply.of(201));
        MemoryBlobs blobs = new MemoryBlobs();
        blobs.add(CONTENT);

        try (Client client = new Client(ANNA)) {
            client.app(registry.host()).upload(BLOB, blobs);
        }
        assertThat(other.seen()).hasSize(1).allSatisfy(request -> {
            assertThat(request.target()).isEqualTo("/up?x=1&digest=" + BLOB.digest());
            assertThat(request.body()).isEqualTo(CONTENT);
            assertThat(request.field("Authorization")).isEmpty();
        });
    }

    @Test
    void anUploadAddressInsideIsRefused() {
        registry.on("POST", "/v2/app/blobs/uploads/", Reply.of(202).with("Location", "http://10.0.0.1/up"));
        MemoryBlobs blobs = new MemoryBlobs();
        blobs.add(CONTENT);

        try (Client client = new Client()) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(registry.host()).upload(BLOB, blobs))
                    .withMessageContaining("private address");
        }
    }

    @Test
    void noMessageHoldsASecret() {
        registry.on(
                "GET", "/v2/app/blobs/*", Reply.of(307).with("Location", other.url("/b?X-Amz-Signature=" + SECRET)));
        other.on("*", "/*", Reply.of(403).body("denied"));

        try (Client client = new Client(ANNA)) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(registry.host()).open(BLOB))
                    .satisfies(e -> assertThat(allMessages(e)).contains("/b?…").doesNotContain(SECRET));
        }
        assertThat(new Login.Password("anna", SECRET) + " " + new Login.IdentityToken(SECRET) + " "
                        + new Login.RegistryToken(SECRET))
                .doesNotContain(SECRET);
    }

    private static String allMessages(Throwable failure) {
        StringBuilder messages = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            messages.append(cause).append('\n');
        }
        return messages.toString();
    }

    @Test
    void aRegistrysErrorTextCannotSteerTheTerminal() {
        registry.on(
                "*",
                "/*",
                Reply.json("{'errors':[{'code':'DENIED','message':'\\u001b[2J\\u202egone" + "x".repeat(1000) + "'}]}")
                        .withStatus(403));

        try (Client client = new Client()) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(registry.host()).manifest("v1"))
                    .satisfies(e -> assertThat(e.getMessage())
                            .contains("403 DENIED: ?[2J?gone")
                            .hasSizeLessThan(500));
        }
    }
}
