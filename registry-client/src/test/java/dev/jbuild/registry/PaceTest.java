package dev.jbuild.registry;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Pace pace = new Pace(Duration.ofSeconds(60), 1024);

    @Test
    void exactlyTheSlowestRateIsFastEnough() {
        assertThatCode(() -> {
                    for (int i = 0; i < 600; i++) {
                        pace.count(SECOND, 1024);
                    }
                })
                .doesNotThrowAnyException();
    }

    @Test
    void aByteLessOverOneSpanIsTooSlow() throws SocketTimeoutException {
        for (int i = 0; i < 59; i++) {
            pace.count(SECOND, 1024);
        }
        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> pace.count(SECOND, 1023))
                .withMessageContaining("61439 bytes in 60 s");
    }

    @Test
    void aBurstDoesNotExcuseTheNextSpan() throws SocketTimeoutException {
        pace.count(60 * SECOND, 1 << 30);

        assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> pace.count(60 * SECOND, 100));
    }

    @Test
    void theEndOfAStreamMovesNothing() {
        assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> pace.count(60 * SECOND, -1));
    }
}
