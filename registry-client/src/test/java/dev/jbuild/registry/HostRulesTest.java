package dev.jbuild.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostRulesTest {
    private static final HostRules RULES =
            new HostRules(Set.of("plain.example:5000"), Set.of("10.1.2.3", "other.test"));

    private static Origin origin(String uri) {
        return Origin.of(URI.create(uri));
    }

    @ParameterizedTest
    @CsvSource({
        "https://reg.example, https://cdn.elsewhere.net/x",
        "https://reg.example, https://10.1.2.3/x",
        "http://127.0.0.1:5000, http://127.0.0.1:6000/x",
        "http://localhost:5000, http://[::1]:6000/x",
        "http://127.0.0.1:5000, https://cdn.elsewhere.net/x",
        "http://plain.example:5000, http://plain.example:5000/x",
        "https://10.0.0.1, https://10.0.0.1:8443/x"
    })
    void theseRedirectsAreFollowed(String home, URI target) {
        assertThatCode(() -> RULES.checkRedirect(origin(home), URI.create(home + "/v2/"), target))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "https://reg.example, http://reg.example/x, plain HTTP",
        "https://reg.example, http://plain.example:5000/x, leaves TLS",
        "https://reg.example, http://127.0.0.1/x, private address",
        "https://reg.example, https://169.254.169.254/latest/meta-data, private address",
        "https://reg.example, https://10.0.0.1/x, private address",
        "https://reg.example, https://2130706433/x, private address",
        "https://reg.example, https://[::ffff:10.0.0.1]/x, private address",
        "https://10.0.0.1, https://10.0.0.2/x, private address",
        "http://127.0.0.1:5000, http://10.0.0.1/x, private address",
        "http://127.0.0.1:5000, http://elsewhere.net/x, plain HTTP",
        "https://reg.example, file:///etc/passwd, not an http",
        "https://reg.example, ftp://reg.example/x, not an http",
        "https://reg.example, https:///x, not an http",
        "https://reg.example, https://user:secret@reg.example/x, user name"
    })
    void theseRedirectsAreRefused(String home, URI target, String why) {
        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(() -> RULES.checkRedirect(origin(home), URI.create(home + "/v2/"), target))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.REFUSED))
                .withMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource({
        "https://registry-1.docker.io, https://auth.docker.io/token",
        "https://registry.gitlab.com, https://gitlab.com/jwt/auth",
        "https://ghcr.io, https://ghcr.io/token",
        "https://registry.corp.co.uk, https://auth.corp.co.uk/token",
        "https://reg.example, https://other.test/token",
        "http://127.0.0.1:5000, http://127.0.0.1:5001/token"
    })
    void theseTokenServersGetPasswords(String home, URI realm) {
        assertThatCode(() -> RULES.checkRealm(origin(home), realm, true)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "https://reg.example, https://evil.net/token",
        "https://reg.co.uk, https://evil.co.uk/token",
        "https://8.8.8.8, https://8.8.4.8/token",
        "https://reg, https://other/token",
        "https://a.example, https://example.net/token"
    })
    void theseTokenServersGetNoPasswords(String home, URI realm) {
        assertThatCode(() -> RULES.checkRealm(origin(home), realm, false)).doesNotThrowAnyException();
        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(() -> RULES.checkRealm(origin(home), realm, true))
                .withMessageContaining("gets no password");
    }

    @Test
    void aTokenServerWithoutTlsGetsNothingFromARegistryWithTls() {
        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(() -> RULES.checkRealm(
                        origin("https://plain.example:5000"), URI.create("http://plain.example:5000/token"), false))
                .withMessageContaining("does not speak TLS");
    }

    @Test
    void plainHttpIsForLoopbackAndForListedHosts() {
        assertThat(RULES.allowsPlainHttp("localhost", 80)).isTrue();
        assertThat(RULES.allowsPlainHttp("plain.example", 5000)).isTrue();
        assertThat(RULES.allowsPlainHttp("plain.example", 80)).isFalse();
        assertThat(RULES.allowsPlainHttp("reg.example", 80)).isFalse();
    }
}
