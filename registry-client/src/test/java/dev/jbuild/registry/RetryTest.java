package dev.jbuild.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.jbuild.registry.FakeServer.Reply;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is tried again, how often, and after which pauses. */
class RetryTest {
    private FakeServer registry;
    private Client client;

    @BeforeEach
    void start() throws IOException {
        registry = new FakeServer();
        client = new Client();
    }

    @AfterEach
    void stop() {
        client.close();
        registry.close();
    }

    private RegistryException failure() {
        return assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(() -> client.app(registry.host()).head("v1"))
                .actual();
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void theseAnswersAreTemporary(int status) throws IOException {
        registry.onEach("*", "/*", Reply.of(status), Reply.of(status), Reply.of(404));

        assertThat(client.app(registry.host()).head("v1")).isEmpty();
        assertThat(registry.seen()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 405, 410, 501, 505})
    void theseAnswersAreFinal(int status) {
        registry.on("*", "/*", Reply.of(status));

        assertThat(failure().status()).contains(status);
        assertThat(registry.seen()).hasSize(1);
    }

    @Test
    void pausesGrowAndCarryJitter() {
        registry.on("*", "/*", Reply.of(503));

        assertThat(failure())
                .hasMessageContaining("(after 6 attempts)")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.UNAVAILABLE));
        // The dice of the test fall on a half.
        assertThat(client.timing().pauses())
                .containsExactly(
                        Duration.ofMillis(250),
                        Duration.ofMillis(500),
                        Duration.ofMillis(1000),
                        Duration.ofMillis(2000),
                        Duration.ofMillis(4000));
    }

    @Test
    void aServerThatNamesItsPauseGetsIt() throws IOException {
        registry.onEach("*", "/*", Reply.of(429).with("Retry-After", "20"), Reply.of(404));

        client.app(registry.host()).head("v1");

        assertThat(client.timing().pauses())
                .singleElement()
                .satisfies(pause -> assertThat(pause).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(21)));
    }

    @Test
    void aServerThatNamesADateIsReadByItsOwnClock() throws IOException {
        registry.onEach(
                "*",
                "/*",
                Reply.of(503).with("Retry-After", "Tue, 31 Dec 2999 23:59:59 GMT"),
                Reply.of(503).with("Retry-After", "Thu, 01 Jan 1970 00:00:00 GMT"),
                Reply.of(503).with("Retry-After", "soon"),
                Reply.of(404));

        client.app(registry.host()).head("v1");

        assertThat(client.timing().pauses())
                .containsExactly(Duration.ofSeconds(60), Duration.ofMillis(500), Duration.ofMillis(1000));
    }

    @Test
    void aServerThatAsksForAnHourGetsAMinute() {
        registry.on("*", "/*", Reply.of(429).with("Retry-After", "3600"));

        failure();

        assertThat(client.timing().pauses()).hasSize(5).containsOnly(Duration.ofSeconds(60));
    }

    @Test
    void aHostThatIsNotThereIsTriedThreeTimes() {
        String gone = registry.host();
        registry.close();

        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(() -> client.app(gone).head("v1"))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.UNAVAILABLE))
                .withMessage("HEAD http://" + gone + "/v2/app/manifests/v1: Connection refused (after 3 attempts)");
        assertThat(client.timing().pauses()).hasSize(2);
    }

    @Test
    void aConnectionThatTheServerDroppedIsDialledAnew() throws IOException {
        try (RawServer dropping = new RawServer(
                (head, in, out) -> RawServer.say(out, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))) {
            client.app(dropping.host()).head("v1");
            client.app(dropping.host()).head("v2");

            assertThat(dropping.heads()).hasSize(2);
        }
    }
}
