package dev.jbuild.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentProxiesTest {
    private static final URI PROXY = URI.create("http://proxy.test:3128");

    @Test
    void withoutVariablesEverythingIsDirect() {
        assertThat(new EnvironmentProxies(Map.of()).find(URI.create("https://reg.test/")))
                .isEmpty();
    }

    @Test
    void eachSchemeHasItsVariableAndTheLowerCaseOneWins() {
        EnvironmentProxies proxies = new EnvironmentProxies(
                Map.of("HTTPS_PROXY", "http://other.test", "https_proxy", "proxy.test:3128", "HTTP_PROXY", ""));

        assertThat(proxies.find(URI.create("https://reg.test/"))).contains(PROXY);
        assertThat(proxies.find(URI.create("http://reg.test/"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "*, https://reg.test, true",
        "reg.test, https://reg.test, true",
        "reg.test, https://a.reg.test, true",
        ".reg.test, https://a.reg.test, true",
        "*.reg.test, https://a.reg.test, true",
        "reg.test:443, https://reg.test, true",
        "reg.test:444, https://reg.test, false",
        "reg.test, https://evilreg.test, false",
        "10.0.0.0/8, https://10.1.2.3, true",
        "10.0.0.0/8, https://11.1.2.3, false",
        "10.0.0.0/31, https://10.0.0.2, false",
        "10.0.0.0/x, https://10.0.0.0, false",
        "10.0.0.0/8, https://reg.test, false",
        "fd00::/8, 'https://[fd12::1]', true",
        "other, https://127.0.0.1:5000, true",
        "'a, REG.test ,b', https://reg.test, true",
        "'', https://reg.test, false",
        "',,', https://reg.test, false"
    })
    void exceptionsAreReachedDirectly(String exceptions, URI target, boolean direct) {
        EnvironmentProxies proxies =
                new EnvironmentProxies(Map.of("https_proxy", PROXY.toString(), "no_proxy", exceptions));

        assertThat(proxies.find(target).isEmpty()).isEqualTo(direct);
    }

    @ParameterizedTest
    @CsvSource({"socks5://p.test:1", "https://p.test:1", "http://", "http://a b"})
    void whatIsNoHttpProxyIsAnError(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> new EnvironmentProxies(Map.of("http_proxy", value)));
    }
}
