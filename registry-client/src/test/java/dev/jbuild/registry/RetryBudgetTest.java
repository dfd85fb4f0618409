package dev.jbuild.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.jbuild.oci.CorruptBlobException;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.NoSuchBlobException;
import java.io.IOException;
import java.net.SocketException;
import java.security.cert.CertificateException;
import java.time.Duration;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
    private final FakeTiming timing = new FakeTiming();
    private final RetryBudget budget = new RetryBudget("GET http://r.io/", HttpLimits.defaults(), timing);

    private static RegistryException busy(Duration retryAfter) {
        return new RegistryException(RegistryException.Kind.UNAVAILABLE, 429, "TOOMANYREQUESTS", retryAfter, "busy");
    }

    @Test
    void whatWillNotGetBetterIsNotTriedAgain() {
        SSLHandshakeException untrusted = new SSLHandshakeException("PKIX");
        untrusted.initCause(new CertificateException("unknown"));

        assertThat(RetryBudget.isTransient(untrusted)).isFalse();
        assertThat(RetryBudget.isTransient(new CorruptBlobException("x"))).isFalse();
        assertThat(RetryBudget.isTransient(new NoSuchBlobException(Digest.of(new byte[0]), "x")))
                .isFalse();
        assertThat(RetryBudget.isTransient(new RegistryException(RegistryException.Kind.DENIED, "x")))
                .isFalse();
        assertThat(RetryBudget.isTransient(new BodyEntity.SourceException(new IOException("x"))))
                .isFalse();
    }

    @Test
    void brokenConnectionsAndHandshakesMayGetBetter() {
        assertThat(RetryBudget.isTransient(new SocketException("Connection reset")))
                .isTrue();
        assertThat(RetryBudget.isTransient(new SSLHandshakeException("Remote host terminated the handshake")))
                .isTrue();
        assertThat(RetryBudget.isTransient(busy(Duration.ZERO))).isTrue();
    }

    @Test
    void progressStartsTheCountAnew() throws IOException {
        for (int i = 0; i < 20; i++) {
            budget.afterFailure(new SocketException("reset"));
            budget.progressed();
        }
        assertThat(timing.pauses()).hasSize(20).containsOnly(Duration.ofMillis(250));
    }

    @Test
    void allPausesTogetherAreBounded() throws IOException {
        for (int i = 0; i < 15; i++) {
            budget.afterFailure(busy(Duration.ofHours(1)));
            budget.progressed();
        }
        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(() -> budget.afterFailure(busy(Duration.ofHours(1))))
                .satisfies(e -> assertThat(e.code()).contains("TOOMANYREQUESTS"));
        assertThat(timing.pauses()).hasSize(15).containsOnly(Duration.ofMinutes(1));
    }

    @Test
    void anInterruptedThreadDoesNotTryAgain() {
        Thread.currentThread().interrupt();
        try {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> budget.afterFailure(new SocketException("Closed by interrupt")));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(timing.pauses()).isEmpty();
    }

    @Test
    void whatIsGivenUpNamesTheRequestAndKeepsItsCause() {
        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(() -> budget.run(() -> {
                    throw new SocketException("Connection reset");
                }))
                .withMessage("GET http://r.io/: Connection reset (after 6 attempts)")
                .withCauseInstanceOf(SocketException.class);
    }
}
