package dev.jbuild.layer.tar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GzipMembersTest {
    private static final int SLICE = 64 << 10;

    private final GzipMembers codec = new GzipMembers(4);

    @ParameterizedTest
    @ValueSource(ints = {1, SLICE - 1, SLICE, SLICE + 1, 3 * SLICE, 10 * SLICE + 12_345})
    void whatIsStoredIsReadBack(int length) throws Exception {
        byte[] content = random(length);
        assertThat(inflate(encode(content, length))).isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, SLICE - 1, SLICE, SLICE + 1, 3 * SLICE, 10 * SLICE + 12_345})
    void whatIsCompressedIsReadBack(int length) throws Exception {
        byte[] content = new byte[length];
        assertThat(inflate(encode(content, length))).isEqualTo(content);
    }

    @Test
    void whatDoesNotShrinkCostsAFewBytesOfHeaders() throws Exception {
        int length = 16 * SLICE;
        assertThat(encode(random(length), length).length).isBetween(length, length + 200);
    }

    @Test
    void textBetweenArchivesIsStillCompressed() throws Exception {
        byte[] content = random(3 * SLICE);
        Arrays.fill(content, SLICE, 2 * SLICE, (byte) 'x');
        byte[] members = encode(content, content.length);
        assertThat(inflate(members)).isEqualTo(content);
        assertThat(members.length).isBetween(2 * SLICE, 2 * SLICE + 500);
    }

    @Test
    void onlyTheGivenBytesOfAChunkCount() throws Exception {
        byte[] chunk = random(4 * SLICE);
        assertThat(inflate(encode(chunk, SLICE + 5))).isEqualTo(Arrays.copyOf(chunk, SLICE + 5));
    }

    @Test
    void aCodecThatWasUsedGivesTheSameBytes() {
        byte[] content = random(2 * SLICE);
        byte[] first = encode(content, content.length);
        encode(new byte[5 * SLICE], 5 * SLICE);
        assertThat(encode(content, content.length)).isEqualTo(first);
    }

    private byte[] encode(byte[] chunk, int length) {
        MemberCodec.Member member = codec.encode(chunk, length);
        return Arrays.copyOf(member.bytes(), member.length());
    }

    private static byte[] inflate(byte[] members) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(members))) {
            return in.readAllBytes();
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
