package dev.jbuild.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.jbuild.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that speak HTTP badly, slowly, endlessly, or not at all. */
@Timeout(60)
class WireTest {
    private static final String EMPTY_404 = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";

    private final MemoryBlobs blobs = new MemoryBlobs();

    /** Limits as in the design but for the times, which no test can wait for; one attempt only. */
    private static RegistryOptions impatient() {
        HttpLimits usual = HttpLimits.defaults();
        return RegistryOptions.defaults()
                .withLimits(new HttpLimits(
                        Duration.ofMillis(500),
                        Duration.ofMillis(300),
                        Duration.ofSeconds(1),
                        usual.slowestRate(),
                        usual.headBytes(),
                        1,
                        usual.longestWait(),
                        usual.totalWait(),
                        2,
                        usual.uploadChunk()));
    }

    private static ThrowableAssertAlternative<RegistryException> failure(RawServer.Script script) throws IOException {
        try (RawServer server = new RawServer(script);
                Client client = new Client(impatient(), Credentials.NONE)) {
            return assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(server.host()).manifest("v1"));
        }
    }

    @Test
    void aServerThatSaysNothingIsLeft() throws IOException {
        failure((head, in, out) -> Thread.sleep(5000)).withMessageContaining("timed out");
    }

    @Test
    void aServerThatDripsItsHeadIsLeft() throws IOException {
        failure((head, in, out) -> {
                    RawServer.say(out, "HTTP/1.1 200 OK\r\n");
                    for (int i = 0; i < 50; i++) {
                        Thread.sleep(100);
                        RawServer.say(out, "X");
                    }
                })
                .withMessageContaining("slowest permitted rate is 1024 bytes a second");
    }

    @Test
    void aServerThatDripsItsBodyIsLeft() throws IOException {
        failure((head, in, out) -> {
                    RawServer.say(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
                    for (int i = 0; i < 50; i++) {
                        Thread.sleep(100);
                        RawServer.say(out, "X");
                    }
                })
                .withMessageContaining("slowest permitted rate");
    }

    @Test
    void aServerThatStopsReadingAnUploadIsLeft() throws IOException {
        Descriptor blob = blobs.addRandom(20_000_000);
        try (RawServer server = new RawServer((head, in, out) -> {
                    if (head.startsWith("PUT")) {
                        Thread.sleep(20_000);
                    } else if (head.startsWith("POST")) {
                        RawServer.say(out, "HTTP/1.1 202 OK\r\nLocation: /up\r\nContent-Length: 0\r\n\r\n");
                    } else {
                        RawServer.say(out, EMPTY_404);
                    }
                });
                Client client = new Client(impatient(), Credentials.NONE)) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(server.host()).upload(blob, blobs))
                    .withMessageContaining("took nothing of the upload");
        }
    }

    @Test
    void aSlowReaderOfOurOwnIsNotTheServersFault() throws IOException, InterruptedException {
        Descriptor blob = blobs.addRandom(200_000);
        try (FakeServer server = new FakeServer();
                Client client = new Client(impatient(), Credentials.NONE)) {
            server.on("GET", "/*", FakeServer.Reply.of(200).body(blobs.bytes(blob)));
            try (InputStream in = client.app(server.host()).open(blob)) {
                assertThat(in.read()).isNotNegative();
                Thread.sleep(1500);
                assertThat(in.readAllBytes()).hasSize(199_999);
            }
        }
    }

    @Test
    void aHeadWithoutEndIsNotReadToItsEnd() throws IOException {
        failure((head, in, out) -> {
                    RawServer.say(out, "HTTP/1.1 200 OK\r\n");
                    for (int i = 0; i < 900; i++) {
                        RawServer.say(out, "X-" + i + ": " + "x".repeat(1024) + "\r\n");
                    }
                })
                .withMessageContaining("longer than the limit of 262144 bytes");
    }

    @Test
    void interimAnswersWithoutEndAreAHeadWithoutEnd() throws IOException {
        failure((head, in, out) -> {
                    while (true) {
                        RawServer.say(out, "HTTP/1.1 100 Continue\r\n\r\n".repeat(1000));
                    }
                })
                .withMessageContaining("longer than the limit of 262144 bytes");
    }

    @Test
    void aBodyWithoutEndIsNotReadToItsEnd() throws IOException {
        failure((head, in, out) -> {
                    RawServer.say(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    while (true) {
                        RawServer.say(out, "10000\r\n" + "x".repeat(65536) + "\r\n");
                    }
                })
                .withMessageContaining("longer than the limit of 4194304 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SSH-2.0-OpenSSH\r\n\r\n",
                "HTTP/1.1 20x OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/2 200\r\n\r\n"
            })
    void whatIsNotHttpIsAnErrorThatNamesTheRequest(String answer) throws IOException {
        failure((head, in, out) -> RawServer.say(out, answer)).withMessageContaining("GET http://127.0.0.1:");
    }

    @Test
    void anAnswerBeforeTheEndOfAnUploadIsHeard() throws IOException {
        Descriptor blob = blobs.addRandom(20_000_000);
        try (RawServer server = new RawServer((head, in, out) -> {
                    if (head.startsWith("PUT")) {
                        RawServer.say(out, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
                        in.skipNBytes(3_000_000);
                        Thread.sleep(1000);
                    } else if (head.startsWith("POST")) {
                        RawServer.say(out, "HTTP/1.1 202 OK\r\nLocation: /up\r\nContent-Length: 0\r\n\r\n");
                    } else {
                        RawServer.say(out, EMPTY_404);
                    }
                });
                Client client = new Client(impatient(), Credentials.NONE)) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(server.host()).upload(blob, blobs))
                    .satisfies(e -> assertThat(e.status()).contains(403));
        }
    }

    @Test
    void aConnectionServesManyRequests() throws IOException {
        try (RawServer server = new RawServer((head, in, out) -> {
                    RawServer.say(out, EMPTY_404);
                    while (in.read() >= 0) {
                        if (in.available() == 0) {
                            RawServer.say(out, EMPTY_404);
                        }
                    }
                });
                Client client = new Client()) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.app(server.host()).head("v" + i)).isEmpty();
            }
            assertThat(server.heads()).hasSize(1);
        }
    }

    @Test
    void aClosedClientSaysSo() throws IOException {
        try (FakeServer server = new FakeServer()) {
            Client client = new Client();
            client.close();

            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(server.host()).head("v1"))
                    .withMessageContaining("closed");
            assertThat(client.timing().pauses()).isEmpty();
        }
    }
}
