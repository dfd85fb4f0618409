package dev.jbuild.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {
    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @Test
    void ofNoBytesIsTheKnownHash() {
        assertThat(Digest.of(new byte[0])).hasToString("sha256:" + EMPTY);
    }

    @Test
    void parsesWhatItPrints() {
        Digest digest = Digest.of("x".getBytes(StandardCharsets.US_ASCII));

        assertThat(Digest.parse(digest.toString())).isEqualTo(digest);
    }

    @Test
    void acceptsSha512WhenRead() {
        assertThat(Digest.parse("sha512:" + "0f".repeat(64)).hex()).hasSize(128);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sha256",
                "sha256:",
                EMPTY,
                "sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
                "sha256:" + EMPTY + "0",
                "sha256: " + EMPTY,
                "sha256:" + EMPTY + "\n",
                "sha256:../../../../../../../../../../../../../../../../../../../../etc/pw",
                "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85/",
                "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709",
                "SHA256:" + EMPTY,
                "../sha256:" + EMPTY,
                "sha512:" + EMPTY
            })
    void refusesWhatCouldLeadAPathOrUrlAstray(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Digest.parse(text));
    }

    @Test
    void refusalShowsNoControlCharactersAndNoEndlessText() {
        String hostile = "sha256:\u001b[31m" + "a".repeat(10_000);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Digest.parse(hostile))
                .withMessageNotContaining("\u001b")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
    }

    @Test
    void matchesOnlyItsOwnHash() {
        byte[] content = {1, 2, 3};
        Digest digest = Digest.of(content);

        assertThat(digest.matches(digest.newHash().digest(content))).isTrue();
        assertThat(digest.matches(digest.newHash().digest(new byte[] {1, 2}))).isFalse();
    }

    @Test
    void sortsByItsText() {
        Digest low = Digest.parse("sha256:" + "0".repeat(64));
        Digest high = Digest.parse("sha256:" + "f".repeat(64));

        assertThat(low).isLessThan(high);
    }
}
