package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.runtime.StepOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RedactingOutputTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private RedactingOutput redacting(String... secrets) {
        return new RedactingOutput(
                Arrays.stream(secrets).map(RedactingOutputTest::bytes).toList(), new StepOutput() {
                    @Override
                    public void stdout(byte[] bytes, int offset, int length) {
                        out.write(bytes, offset, length);
                    }

                    @Override
                    public void stderr(byte[] bytes, int offset, int length) {
                        err.write(bytes, offset, length);
                    }
                });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String told(RedactingOutput output, String... pieces) throws IOException {
        for (String piece : pieces) {
            output.stdout(bytes(piece), 0, bytes(piece).length);
        }
        output.finish();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aSecretIsHiddenWhereverItStands() throws Exception {
        assertThat(told(redacting("hunter2"), "hunter2 and hunter2hunter2 but not hunter\n"))
                .isEqualTo("*** and *** but not hunter\n");
    }

    @Test
    void aSecretThatArrivesInPiecesIsHidden() throws Exception {
        assertThat(told(redacting("hunter2"), "a h", "unt", "er", "2b hun")).isEqualTo("a ***b hun");
    }

    @Test
    void theLineEndOfASecretsFileIsNoPartOfIt() throws Exception {
        assertThat(told(redacting("hunter2\n"), "pw=hunter2;")).isEqualTo("pw=***;");
    }

    @Test
    void theLinesOfAKeyAreHiddenOneByOne() throws Exception {
        assertThat(told(redacting("-----BEGIN-----\nAAAAAAAAAAAA\nshort\n"), "> AAAAAAAAAAAA\n> short\n"))
                .isEqualTo("> ***\n> short\n");
    }

    @Test
    void ofTwoSecretsTheOneThatHoldsTheOtherIsHiddenWhole() throws Exception {
        assertThat(told(redacting("word", "password1"), "password1 word")).isEqualTo("*** ***");
    }

    @Test
    void aSecretThatRepeatsItselfIsFoundBehindItsOwnBeginning() throws Exception {
        assertThat(told(redacting("aab"), "aaab")).isEqualTo("a***");
        out.reset();
        assertThat(told(redacting("ababc"), "abababc")).isEqualTo("ab***");
    }

    @Test
    void theStreamsAreSearchedEachByItself() throws Exception {
        RedactingOutput output = redacting("hunter2");
        output.stdout(bytes("hun"), 0, 3);
        output.stderr(bytes("ter2"), 0, 4);
        output.finish();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("hun");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("ter2");
    }

    @Test
    void anEmptySecretHidesNothing() throws Exception {
        assertThat(told(redacting("", "\n"), "text")).isEqualTo("text");
    }

    @Test
    void howeverTheOutputIsCutTheResultIsTheSame() throws Exception {
        String text = "x".repeat(50) + "abcabcd" + "abcabc" + "abcabcabcd" + "\nabcabcd";
        Random random = new Random(7);
        for (int run = 0; run < 200; run++) {
            out.reset();
            RedactingOutput output = redacting("abcabcd");
            byte[] all = bytes(text);
            for (int at = 0; at < all.length; ) {
                int length = Math.min(all.length - at, 1 + random.nextInt(9));
                output.stdout(all, at, length);
                at += length;
            }
            output.finish();
            assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(text.replace("abcabcd", "***"));
        }
    }
}
