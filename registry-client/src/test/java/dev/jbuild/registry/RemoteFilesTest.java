package dev.jbuild.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.jbuild.registry.FakeServer.Reply;
import dev.jbuild.registry.RemoteFiles.Version;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteFilesTest {
    private static final long LIMIT = 1000;
    private static final Version TAGGED =
            new Version(Optional.of("\"1\""), Optional.of("Tue, 01 Sep 2026 00:00:00 GMT"));

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
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

    private Optional<Version> download(URI address, Version known) throws IOException {
        return files.download(address, known, LIMIT, () -> {
            written.reset();
            return written;
        });
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aFileComesWithWhatTheServerSaysOfItsVersion() throws IOException {
        server.on(
                "GET",
                "/a.tar",
                Reply.of(200)
                        .body("content")
                        .with("ETag", "\"1\"")
                        .with("Last-Modified", "Tue, 01 Sep 2026 00:00:00 GMT"));

        assertThat(download(uri("/a.tar?x=y#part"), Version.NONE)).contains(TAGGED);
        assertThat(text()).isEqualTo("content");
        assertThat(server.log()).containsExactly("GET /a.tar?x=y");
        assertThat(server.seen().getFirst().field("If-none-match")).isEmpty();
    }

    @Test
    void anUnchangedFileIsAskedAboutAndNotSent() throws IOException {
        server.on("GET", "/a", Reply.of(304));

        assertThat(download(uri("/a"), TAGGED)).isEmpty();
        assertThat(server.seen().getFirst().field("If-none-match")).contains("\"1\"");
        assertThat(server.seen().getFirst().field("If-modified-since")).isEmpty();
    }

    @Test
    void aFileWithoutATagIsAskedAboutByItsDate() throws IOException {
        server.on("GET", "/a", Reply.of(304));

        assertThat(download(uri("/a"), new Version(Optional.empty(), TAGGED.lastModified())))
                .isEmpty();
        assertThat(server.seen().getFirst().field("If-modified-since")).isEqualTo(TAGGED.lastModified());
    }

    @Test
    void aServerThatCallsAnUnknownFileUnchangedIsNotBelieved() {
        server.on("GET", "/a", Reply.of(304));

        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(() -> download(uri("/a"), Version.NONE))
                .withMessageContaining("304");
    }

    @Test
    void redirectsAreFollowed() throws IOException {
        server.on("GET", "/a", Reply.of(302).with("Location", "http://elsewhere.test:" + server.port() + "/b"));
        server.on("GET", "/b", Reply.of(200).body("b"));

        assertThat(download(uri("/a"), Version.NONE)).contains(Version.NONE);
        assertThat(text()).isEqualTo("b");
    }

    @Test
    void aSixthRedirectIsRefused() {
        server.on("GET", "/*", Reply.of(302).with("Location", "/again"));

        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(() -> download(uri("/a"), Version.NONE))
                .withMessageContaining("redirected more than 5 times");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://169.254.169.254/latest", "http://127.0.0.1/x", "file:///etc/passwd"})
    void redirectsInsideAreRefused(String location) {
        server.on("GET", "/a", Reply.of(302).with("Location", location));

        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(() -> download(uri("/a"), Version.NONE))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.REFUSED));
    }

    @Test
    void aFileThatIsNotThereIsSaidNotToBeThere() {
        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(() -> download(uri("/none"), Version.NONE))
                .withMessageContaining("GET " + uri("/none") + ": the server answers 404");
    }

    @Test
    void aServerThatIsBusyIsAskedAgain() throws IOException {
        server.onEach("GET", "/a", Reply.of(503), Reply.of(429), Reply.of(200).body("at last"));

        download(uri("/a"), Version.NONE);

        assertThat(text()).isEqualTo("at last");
        assertThat(server.log()).hasSize(3);
    }

    @Test
    void aFileThatBreaksMidwayIsBegunAnew() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        try (RawServer raw = new RawServer((_, _, out) -> RawServer.say(
                out,
                "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n"
                        + (requests.incrementAndGet() == 1 ? "cont" : "content")))) {
            download(URI.create("http://" + raw.host() + "/a"), Version.NONE);

            assertThat(text()).isEqualTo("content");
            assertThat(raw.heads()).hasSize(2);
        }
    }

    @Test
    void aFileOfAsManyBytesAsTheLimitIsTakenAndOneMoreIsNot() throws IOException {
        server.on("GET", "/full", Reply.of(200).body("x".repeat((int) LIMIT)));
        server.on("GET", "/more", Reply.of(200).body("x".repeat((int) LIMIT + 1)));

        download(uri("/full"), Version.NONE);
        assertThat(written.size()).isEqualTo((int) LIMIT);
        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(() -> download(uri("/more"), Version.NONE))
                .withMessageContaining("longer than the limit of 1000 bytes");
        assertThat(server.log()).hasSize(2);
    }

    @Test
    void anEndlessFileIsBrokenOffAtTheLimit() throws IOException {
        byte[] piece = "x".repeat(4096).getBytes(StandardCharsets.US_ASCII);
        try (RawServer raw = new RawServer((_, _, out) -> {
            RawServer.say(out, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
            while (true) {
                out.write(piece);
            }
        })) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> download(URI.create("http://" + raw.host() + "/a"), Version.NONE))
                    .withMessageContaining("longer than the limit");
        }
    }

    @Test
    void aFullDiskIsSaidAndNotTriedAgain() {
        server.on("GET", "/a", Reply.of(200).body("content"));

        assertThatIOException()
                .isThrownBy(() -> files.download(uri("/a"), Version.NONE, LIMIT, () -> new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("No space left on device");
                    }
                }))
                .withMessage("No space left on device");
        assertThat(server.log()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "/a", "ftp://x/y", "http:///x", "http://u:p@files.test/x"})
    void whatIsNoWebAddressIsNotFetched(String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> download(URI.create(address), Version.NONE))
                .withMessageNotContaining("u:p");
    }
}
