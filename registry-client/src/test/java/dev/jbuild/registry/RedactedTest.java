package dev.jbuild.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactedTest {
    @ParameterizedTest
    @CsvSource({
        "https://user:pass@r.io/v2/a, https://r.io/v2/a",
        "https://r.io:443/a?X-Amz-Signature=abc&b=c, https://r.io/a?…",
        "http://[::1]:5000/v2/, http://[::1]:5000/v2/",
        "https://R.io/a#fragment, https://r.io/a",
        "/relative?token=x, /relative?…",
        "mailto:me@x.io, ''"
    })
    void aUrlKeepsWhatNamesThePlace(URI url, String shown) {
        assertThat(Redacted.url(url)).isEqualTo(shown);
    }

    @Test
    void textKeepsNoControlCharacters() {
        assertThat(Redacted.text("a\n\u001b[31m\u009b\u202e\u2066b")).isEqualTo("a??[31m???b");
    }

    @Test
    void textIsCut() {
        assertThat(Redacted.text("x".repeat(301))).hasSize(301).endsWith("x…");
        assertThat(Redacted.text("x".repeat(300))).hasSize(300);
    }
}
