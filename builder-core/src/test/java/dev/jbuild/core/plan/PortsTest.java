package dev.jbuild.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortsTest {
    @ParameterizedTest
    @CsvSource({
        "80, 80/tcp",
        "0, 0/tcp",
        "65535, 65535/tcp",
        "53/udp, 53/udp",
        "53/UDP, 53/udp",
        "132/sctp, 132/sctp",
        "80/, 80/tcp",
        "0080, 80/tcp",
        "8080:80, 80/tcp",
        "127.0.0.1:8080:80/udp, 80/udp",
    })
    void aWordIsAPortAndItsProtocol(String word, String port) {
        assertThat(Ports.parse(word)).containsExactly(port);
    }

    @Test
    void aRangeIsEveryPortInIt() {
        assertThat(Ports.parse("7000-7002/udp")).containsExactly("7000/udp", "7001/udp", "7002/udp");
        assertThat(Ports.parse("7-7")).containsExactly("7/tcp");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "-",
                "80-",
                "-80",
                "65536",
                "99999999999",
                "80/icmp",
                "80/tcp/udp",
                "9-8",
                "1-2-3",
                "８０",
                "+80"
            })
    void anythingElseIsRefusedAndNamed(String word) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ports.parse(word))
                .withMessageStartingWith("invalid port \"" + word + "\"");
    }
}
