package dev.jbuild.layer.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.jbuild.linux.DeflateLibrary;
import io.airlift.compress.v3.deflate.DeflateNativeCompressor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

class RawDeflateTest {
    private static final int LEVEL = 4;

    private static byte[] compressed(RawDeflate deflate, byte[] content, int offset, int length) {
        int room = deflate.bound(length);
        byte[] into = new byte[room + 3];
        int size = deflate.compress(content, offset, length, into, 3, room);
        return Arrays.copyOfRange(into, 3, 3 + size);
    }

    private static byte[] content(int length) {
        Random random = new Random(length);
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++) {
            content[i] = (byte) (random.nextInt(100) < 30 ? random.nextInt() : i % 37);
        }
        return content;
    }

    @Test
    void bothWaysToTheLibraryGiveTheSameBytes() throws Exception {
        RawDeflate direct = RawDeflate.ofLevel(LEVEL);
        assertThat(direct).isInstanceOf(RawDeflate.Direct.class);
        RawDeflate bound = new RawDeflate.Bound(new DeflateNativeCompressor(LEVEL));
        for (int length : new int[] {0, 1, 7, 100, 1024, 10_240, 65_535, 65_536, 300_001, 1 << 20}) {
            byte[] content = content(length);
            byte[] stream = compressed(direct, content, 0, length);
            assertThat(direct.bound(length)).isEqualTo(bound.bound(length));
            assertThat(stream).as("%s bytes", length).isEqualTo(compressed(bound, content, 0, length));
            byte[] back = new byte[length + 1];
            try (Inflater inflater = new Inflater(true)) {
                inflater.setInput(stream);
                assertThat(inflater.inflate(back)).isEqualTo(length);
                assertThat(inflater.finished()).isTrue();
            }
            assertThat(Arrays.copyOf(back, length)).isEqualTo(content);
        }
    }

    @Test
    void aPartOfAnArrayIsCompressed() {
        byte[] content = content(5000);
        RawDeflate deflate = RawDeflate.ofLevel(LEVEL);
        assertThat(compressed(deflate, content, 1000, 2000))
                .isEqualTo(compressed(deflate, Arrays.copyOfRange(content, 1000, 3000), 0, 2000));
    }

    @Test
    void aStreamWithoutRoomIsRefused() {
        RawDeflate deflate = RawDeflate.ofLevel(LEVEL);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> deflate.compress(content(5000), 0, 5000, new byte[20], 0, 20))
                .withMessageContaining("no room");
    }

    @Test
    void whatIsNoLibraryIsNotLoaded() throws Exception {
        assertThat(DeflateLibrary.load("no program".getBytes(StandardCharsets.US_ASCII)))
                .isEmpty();
    }
}
