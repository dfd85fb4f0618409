package dev.jbuild.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost.", "a.localhost", "127.0.0.1", "127.9.9.9", "[::1]", "127.1"})
    void theseAreLoopback(String host) {
        assertThat(Addresses.isLoopback(host)).isTrue();
        assertThat(Addresses.isInside(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com", "localhost.example.com", "128.0.0.1", "127.example.com", "[::2]"})
    void theseAreNotLoopback(String host) {
        assertThat(Addresses.isLoopback(host)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1",
                "172.16.5.4",
                "192.168.0.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "0.1.2.3",
                "[fe80::1]",
                "[fd00::1]",
                "[fc00::1]",
                "[::]",
                "[::ffff:10.0.0.1]",
                "[::ffff:169.254.169.254]",
                "[64:ff9b::a00:1]",
                "[::10.0.0.1]",
                "2130706433",
                "0x7f.1",
                "0177.0.0.1",
                "0xa9fea9fe",
                "10.0.0.1.",
                "224.0.0.1"
            })
    void theseLeadInside(String host) {
        assertThat(Addresses.isInside(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"example.com", "8.8.8.8", "[2001:db8::1]", "10.example.com", "1password.com", "100.128.0.1"})
    void theseDoNot(String host) {
        assertThat(Addresses.isInside(host)).isFalse();
    }
}
