package dev.jbuild.layer.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.linux.IsalLibrary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What one decoder makes of a stream, well formed or not, the other makes of it too; but that zlib refuses Huffman codes that leave
 * some words unused, which ISA-L passes over while none of these words comes.
 */
class DeflateDecoderTest {
    private static final int ROUNDS = Integer.getInteger("jbuild.seeds", 20) * 25;

    private static final String INCOMPLETE_CODE = "invalid (code lengths|literal/lengths|distances) set";

    /** The content of a stream that ended, and how many bytes were left behind it. */
    private record Decoded(byte[] content, int unused) {}

    @BeforeEach
    void needsTheLibrary() throws IOException {
        assumeTrue(Isal.isInstalled(), "libisal.so.2 (Debian's package libisal2) is not installed");
        assertThat(IsalLibrary.find()).isPresent();
    }

    @Test
    void isalIsTakenWhereItIs() {
        try (DeflateDecoder decoder = DeflateDecoder.fastest()) {
            assertThat(decoder).isInstanceOf(DeflateDecoder.Isal.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 100, 32 << 10, 300 << 10})
    void bothDecodeWhatWasDeflatedHoweverItIsCut(int length) {
        for (int seed = 0; seed < 4; seed++) {
            Random random = new Random(seed);
            byte[] content = content(random, length);
            byte[] stream = deflate(random, content);

            assertThat(bothOf(stream, seed))
                    .hasValueSatisfying(decoded -> assertThat(decoded.content()).isEqualTo(content));
        }
    }

    @Test
    void bothFindTheEndAmongWhatFollows() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            byte[] stream = deflate(random, content(random, random.nextInt(5000)));
            byte[] followed = Arrays.copyOf(stream, stream.length + random.nextInt(40));

            assertThat(bothOf(followed, seed))
                    .hasValueSatisfying(
                            decoded -> assertThat(decoded.unused()).isEqualTo(followed.length - stream.length));
        }
    }

    @Test
    void neitherEndsAStreamThatIsCut() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            byte[] stream = deflate(random, content(random, random.nextInt(5000)));

            assertThat(bothOf(Arrays.copyOf(stream, random.nextInt(stream.length)), seed))
                    .isEmpty();
        }
    }

    @Test
    void bothMakeTheSameOfADamagedStream() {
        int refused = 0;
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            byte[] content = content(random, 1 + random.nextInt(3000));
            refused += bothOf(damage(random, deflate(random, content)), seed).isEmpty() ? 1 : 0;
        }
        assertThat(refused).isBetween(ROUNDS / 10, ROUNDS * 9 / 10);
    }

    /** What both make of a stream, which they must agree on. */
    private static Optional<Decoded> bothOf(byte[] stream, int seed) {
        Optional<Decoded> isal = decodeOrRefuse(DeflateDecoder.fastest(), stream, seed);
        try {
            Optional<Decoded> jdk = decode(new DeflateDecoder.Jdk(), stream, seed);
            assertThat(isal).as("seed %s", seed).usingRecursiveComparison().isEqualTo(jdk);
            return jdk;
        } catch (DataFormatException e) {
            // The one difference: a code with words that stand for nothing, none of which is used.
            if (!String.valueOf(e.getMessage()).matches(INCOMPLETE_CODE)) {
                assertThat(isal).as("seed %s, refused by zlib: %s", seed, e).isEmpty();
            }
            return Optional.empty();
        }
    }

    private static Optional<Decoded> decodeOrRefuse(DeflateDecoder decoder, byte[] stream, int seed) {
        try {
            return decode(decoder, stream, seed);
        } catch (DataFormatException e) {
            return Optional.empty();
        }
    }

    /** Empty if the stream does not end. */
    private static Optional<Decoded> decode(DeflateDecoder decoder, byte[] stream, int seed)
            throws DataFormatException {
        Random random = new Random(seed);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 + random.nextInt(200_000)];
        int longest = 1 << random.nextInt(17);
        try (decoder) {
            int at = 0;
            while (at < stream.length && !decoder.hasEnded()) {
                int length = Math.min(1 + random.nextInt(longest), stream.length - at);
                decoder.feed(stream, at, length);
                at += length;
                for (int n = decoder.decode(buffer, 0, buffer.length); n > 0; ) {
                    content.write(buffer, 0, n);
                    n = decoder.decode(buffer, 0, buffer.length);
                }
            }
            return decoder.hasEnded()
                    ? Optional.of(new Decoded(content.toByteArray(), stream.length - at + decoder.unused()))
                    : Optional.empty();
        }
    }

    private static byte[] content(Random random, int length) {
        byte[] content = new byte[length];
        int letters = 1 + random.nextInt(256);
        for (int i = 0; i < length; i++) {
            boolean repeats = i > 300 && random.nextInt(8) > 0;
            content[i] = repeats ? content[i - 1 - random.nextInt(300) % letters] : (byte) random.nextInt(letters);
        }
        return content;
    }

    private static byte[] deflate(Random random, byte[] content) {
        byte[] stream = new byte[content.length + content.length / 100 + 1000];
        try (Deflater deflater = new Deflater(random.nextInt(10), true)) {
            deflater.setStrategy(random.nextInt(3));
            deflater.setInput(content);
            deflater.finish();
            int length = 0;
            while (!deflater.finished()) {
                length += deflater.deflate(stream, length, stream.length - length);
            }
            return Arrays.copyOf(stream, length);
        }
    }

    private static byte[] damage(Random random, byte[] stream) {
        byte[] damaged = stream.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            damaged[random.nextInt(random.nextBoolean() ? damaged.length : Math.min(80, damaged.length))] ^=
                    (byte) (1 << random.nextInt(8));
        }
        return damaged;
    }
}
