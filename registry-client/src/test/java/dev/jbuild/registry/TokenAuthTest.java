package dev.jbuild.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.MediaTypes;
import dev.jbuild.registry.FakeServer.Reply;
import dev.jbuild.registry.FakeServer.Seen;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Logging in by tokens, at a registry and a token server of ours that signs nothing. */
class TokenAuthTest {
    private static final Credentials ANNA = registry -> Optional.of(new Login.Password("anna", "s:cret"));
    private static final Descriptor BLOB = Descriptor.of(MediaTypes.OCI_LAYER_GZIP, new byte[10]);

    private final Set<String> good = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private FakeServer registry;
    private FakeServer tokens;
    private volatile int life = 300;

    @BeforeEach
    void start() throws IOException {
        registry = new FakeServer();
        tokens = new FakeServer();
        tokens.on("*", "/token", request -> issue());
        registry.on("*", "/*", this::guarded);
        registry.on("HEAD", "/v2/app/blobs/*", this::guarded);
    }

    @AfterEach
    void stop() {
        registry.close();
        tokens.close();
    }

    private Reply issue() {
        String token = "token" + count.incrementAndGet();
        good.add("Bearer " + token);
        return Reply.json("{'token':'" + token + "','expires_in':" + life + "}");
    }

    private Reply guarded(Seen request) {
        return request.field("Authorization").filter(good::contains).isPresent()
                ? Reply.of(404)
                : Reply.of(401)
                        .with(
                                "WWW-Authenticate",
                                "Bearer realm=\"" + tokens.url("/token?a=b") + "\",service=\"our reg\"");
    }

    private static String decoded(Seen request) {
        return URLDecoder.decode(request.target(), StandardCharsets.UTF_8);
    }

    @Test
    void aTokenIsFetchedForTheRepositoryAndUsedAgain() throws IOException {
        try (Client client = new Client()) {
            client.app(registry.host()).head("v1");
            client.app(registry.host()).head("v2");
        }
        assertThat(tokens.seen())
                .extracting(TokenAuthTest::decoded)
                .containsExactly("/token?a=b&service=our reg&scope=repository:app:pull");
        assertThat(tokens.seen().getFirst().field("Authorization")).isEmpty();
        assertThat(registry.log())
                .containsExactly("HEAD /v2/app/manifests/v1", "HEAD /v2/app/manifests/v1", "HEAD /v2/app/manifests/v2");
    }

    @Test
    void thePasswordGoesToTheTokenServerAndNowhereElse() throws IOException {
        try (Client client = new Client(ANNA)) {
            client.app(registry.host()).head("v1");
        }
        String basic = "Basic " + Base64.getEncoder().encodeToString("anna:s:cret".getBytes(StandardCharsets.UTF_8));
        assertThat(tokens.seen().getFirst().field("Authorization")).contains(basic);
        assertThat(decoded(tokens.seen().getFirst())).contains("account=anna");
        assertThat(registry.seen())
                .noneMatch(request ->
                        request.field("Authorization").filter(basic::equals).isPresent());
    }

    @Test
    void anIdentityTokenIsExchangedByPost() throws IOException {
        try (Client client = new Client(host -> Optional.of(new Login.IdentityToken("refresh&me")))) {
            client.app(registry.host()).head("v1");
        }
        assertThat(tokens.log()).containsExactly("POST /token?a=b");
        assertThat(new String(tokens.seen().getFirst().body(), StandardCharsets.UTF_8))
                .isEqualTo("service=our+reg&grant_type=refresh_token&client_id=jbuild"
                        + "&scope=repository%3Aapp%3Apull&refresh_token=refresh%26me");
    }

    @Test
    void anIdentityTokenIsNotSentOnWhereItsServerRedirectsTo() throws IOException {
        try (FakeServer thief = new FakeServer();
                Client client = new Client(host -> Optional.of(new Login.IdentityToken("refresh")))) {
            tokens.on("POST", "/token", Reply.of(307).with("Location", thief.url("/")));

            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(registry.host()).head("v1"));
            assertThat(thief.seen()).isEmpty();
        }
    }

    @Test
    void aRegistryTokenIsUsedAsItIs() throws IOException {
        good.add("Bearer given");
        try (Client client = new Client(host -> Optional.of(new Login.RegistryToken("given")))) {
            client.app(registry.host()).head("v1");
        }
        assertThat(tokens.seen()).isEmpty();
    }

    @Test
    void aMountAsksForBothRepositories() throws IOException {
        try (Client client = new Client()) {
            client.app(registry.host()).mount(BLOB, "base/os");
        }
        assertThat(decoded(tokens.seen().getFirst()))
                .endsWith("scope=repository:app:pull,push&scope=repository:base/os:pull");
    }

    @Test
    void aTokenForPushingServesForPullingToo() throws IOException {
        try (Client client = new Client()) {
            client.app(registry.host()).has(BLOB);
            client.app(registry.host()).head("v1");
        }
        assertThat(tokens.seen()).hasSize(1);
    }

    @Test
    void anOldTokenIsReplacedBeforeItIsRefused() throws IOException {
        try (Client client = new Client()) {
            client.app(registry.host()).head("v1");
            client.timing().advance(Duration.ofSeconds(290));
            client.app(registry.host()).head("v1");
        }
        assertThat(tokens.seen()).hasSize(2);
        assertThat(registry.seen()).hasSize(3);
    }

    @Test
    void aTokenThatTheRegistryNoLongerTakesIsReplacedOnce() throws IOException {
        try (Client client = new Client()) {
            client.app(registry.host()).head("v1");
            good.clear();
            assertThat(client.app(registry.host()).head("v1")).isEmpty();
        }
        assertThat(tokens.seen()).hasSize(2);
    }

    /** A registry that refuses every token must not make us ask for ever: it was a storm for others. */
    @Test
    void aRegistryThatRefusesEveryTokenIsAskedTwiceAndTheTokenServerThreeTimesAMinute() {
        registry.on("*", "/*", request -> {
            good.clear();
            return guarded(request);
        });
        try (Client client = new Client()) {
            for (int i = 0; i < 20; i++) {
                assertThatExceptionOfType(RegistryException.class)
                        .isThrownBy(() -> client.app(registry.host()).head("v1"))
                        .satisfies(e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.DENIED));
            }
            assertThat(tokens.seen()).hasSizeLessThanOrEqualTo(4);
            client.timing().advance(Duration.ofSeconds(61));
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(registry.host()).head("v1"));
            assertThat(tokens.seen()).hasSizeGreaterThan(4);
        }
    }

    @Test
    void threadsThatNeedTheSameTokenShareOne() throws IOException, InterruptedException, ExecutionException {
        try (Client client = new Client();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> heads = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                heads.add(threads.submit(() -> client.app(registry.host()).head("v1")));
            }
            for (Future<?> head : heads) {
                head.get();
            }
        }
        assertThat(tokens.seen()).hasSize(1);
    }

    @Test
    void aTokenServerThatRefusesTheLoginSaysWhy() {
        tokens.on(
                "*",
                "/token",
                Reply.json("{'details':'incorrect username or password'}").withStatus(401));
        try (Client client = new Client(ANNA)) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(registry.host()).head("v1"))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.DENIED))
                    .withMessageContaining("incorrect username or password");
        }
    }

    @Test
    void aTokenWithControlCharactersIsNotPutIntoAField() {
        tokens.on("*", "/token", Reply.json("{'token':'a\\r\\nX-Evil: 1'}"));
        try (Client client = new Client()) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(registry.host()).head("v1"))
                    .withMessageContaining("no usable token");
        }
    }

    @Test
    void aTokenServerThatIsOutForAMomentIsAskedAgain() throws IOException {
        tokens.onEach("*", "/token", Reply.of(503), Reply.of(503), Reply.json("{'access_token':'t'}"));
        good.add("Bearer t");
        try (Client client = new Client()) {
            assertThat(client.app(registry.host()).head("v1")).isEmpty();
        }
        assertThat(tokens.seen()).hasSize(3);
    }

    @Test
    void credentialsThatCannotBeReadAreTheReasonGiven() {
        try (Client client = new Client(host -> {
            throw new IOException("docker-credential-x is broken");
        })) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(registry.host()).head("v1"))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.DENIED))
                    .withMessageContaining("docker-credential-x is broken");
        }
    }

    @Test
    void aRefusalWithoutAChallengeAsksNobodyForALogin() {
        registry.on("*", "/*", Reply.of(403));
        try (Client client = new Client(host -> {
            throw new IOException("nobody should ask");
        })) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> client.app(registry.host()).head("v1"))
                    .withMessageEndingWith("403 (without a login, which " + registry.host() + " did not ask for)");
        }
    }

    @Test
    void credentialsAreOnlyAskedForWhenTheRegistryWantsThem() throws IOException {
        registry.on("*", "/*", Reply.of(404));
        try (Client client = new Client(host -> {
            throw new IOException("nobody should ask");
        })) {
            assertThat(client.app(registry.host()).head("v1")).isEmpty();
        }
    }
}
