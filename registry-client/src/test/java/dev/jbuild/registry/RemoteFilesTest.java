package dev.jbuild.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.jbuild.registry.FakeServer.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteFilesTest {
    private FakeServer server;
    private RemoteFiles files;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        files = new RemoteFiles(RegistryOptions.defaults(), new FakeTiming(), host ->
                new InetAddress[] {InetAddress.getLoopbackAddress()});
    }

    @AfterEach
    void stop() {
        files.close();
        server.close();
    }

    private URI uri(String path) {
        return URI.create("http://files.test:" + server.port() + path);
    }

    @Test
    void aFileComesWithWhatTheServerSaysOfIt() throws IOException {
        server.on(
                "GET",
                "/a.tar",
                Reply.of(200)
                        .body("content")
                        .with("ETag", "\"1\"")
                        .with("Last-Modified", "Tue, 01 Sep 2026 00:00:00 GMT")
                        .with("Content-Disposition", "attachment; filename=../../x"));

        try (RemoteFiles.RemoteFile file = files.open(uri("/a.tar?x=y#part"))) {
            assertThat(file.content()).hasContent("content");
            assertThat(file.length()).hasValue(7);
            assertThat(file.etag()).contains("\"1\"");
            assertThat(file.lastModified()).contains("Tue, 01 Sep 2026 00:00:00 GMT");
            assertThat(file.disposition()).contains("attachment; filename=../../x");
        }
        assertThat(server.log()).containsExactly("GET /a.tar?x=y");
    }

    @Test
    void redirectsAreFollowed() throws IOException {
        server.on("GET", "/a", Reply.of(302).with("Location", "http://elsewhere.test:" + server.port() + "/b"));
        server.on("GET", "/b", Reply.of(200).body("b"));

        try (RemoteFiles.RemoteFile file = files.open(uri("/a"))) {
            assertThat(file.content()).hasContent("b");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://169.254.169.254/latest", "http://127.0.0.1/x", "file:///etc/passwd"})
    void redirectsInsideAreRefused(String location) {
        server.on("GET", "/a", Reply.of(302).with("Location", location));

        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(() -> files.open(uri("/a")))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.REFUSED));
    }

    @Test
    void aFileThatIsNotThereIsSaidNotToBeThere() {
        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(() -> files.open(uri("/none")))
                .withMessageContaining("GET " + uri("/none") + ": the server answers 404");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "/a", "ftp://x/y", "http:///x", "http://u:p@files.test/x"})
    void whatIsNoWebAddressIsNotFetched(String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> files.open(URI.create(address)))
                .withMessageNotContaining("u:p");
    }
}
