package dev.jbuild.layer.tar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class CompressibilityTest {
    private static final int SLICE = 64 << 10;

    private final Random random = new Random(7);

    @Test
    void randomBytesDoNotShrink() {
        assertThat(mayShrink(random(SLICE))).isFalse();
    }

    @Test
    void whatIsCompressedAlreadyDoesNotShrink() throws Exception {
        byte[] gzip = gzip(words(1 << 20));
        assertThat(Compressibility.mayShrink(gzip, 100, SLICE)).isFalse();
    }

    @Test
    void textShrinks() {
        assertThat(mayShrink(words(SLICE))).isTrue();
    }

    @Test
    void base64OfRandomBytesShrinks() {
        byte[] base64 = java.util.Base64.getEncoder().encode(random(SLICE));
        assertThat(Compressibility.mayShrink(base64, 0, SLICE)).isTrue();
    }

    @Test
    void textAfterRandomBytesShrinks() {
        byte[] slice = random(SLICE);
        System.arraycopy(words(SLICE / 4), 0, slice, SLICE * 3 / 4, SLICE / 4);
        assertThat(mayShrink(slice)).isTrue();
    }

    @Test
    void theEndOfATextBeforeRandomBytesIsNotWorthIt() {
        for (int period = 40; period < 200; period++) {
            byte[] slice = random(SLICE);
            byte[] sentence = random(period);
            for (int i = 0; i < 512; i++) {
                slice[i] = sentence[i % period];
            }
            assertThat(mayShrink(slice)).as("a sentence of " + period).isFalse();
        }
    }

    @Test
    void aRampThatUsesEveryByteEquallyOftenShrinks() {
        byte[] ramp = new byte[SLICE];
        for (int i = 0; i < SLICE; i++) {
            ramp[i] = (byte) i;
        }
        assertThat(mayShrink(ramp)).isTrue();
    }

    @Test
    void randomBytesThatComeAgainAtAnOddDistanceShrink() {
        byte[] block = random(8_191);
        byte[] slice = new byte[SLICE];
        for (int at = 0; at < SLICE; at += block.length) {
            System.arraycopy(block, 0, slice, at, Math.min(block.length, SLICE - at));
        }
        assertThat(mayShrink(slice)).isTrue();
    }

    @Test
    void aFewBytesAreNotLookedAt() {
        assertThat(mayShrink(random(100))).isTrue();
    }

    private static boolean mayShrink(byte[] bytes) {
        return Compressibility.mayShrink(bytes, 0, bytes.length);
    }

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] words(int length) {
        StringBuilder words = new StringBuilder();
        while (words.length() < length) {
            words.append("step ").append(random.nextInt(1_000_000)).append('\n');
        }
        return words.substring(0, length).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }
}
