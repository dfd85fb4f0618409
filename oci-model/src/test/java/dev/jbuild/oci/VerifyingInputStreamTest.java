package dev.jbuild.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class VerifyingInputStreamTest {
    private static final byte[] CONTENT = "the content of a blob".getBytes(StandardCharsets.US_ASCII);
    private static final Descriptor BLOB = Descriptor.of("text/plain", CONTENT);

    @Test
    void passesTheBlobAsItIs() throws Exception {
        assertThat(verifying(CONTENT).readAllBytes()).isEqualTo(CONTENT);
    }

    @Test
    void verifiesWhenReadByteByByteAndSkipped() throws Exception {
        InputStream in = verifying(CONTENT);

        assertThat(in.read()).isEqualTo('t');
        in.skipNBytes(CONTENT.length - 2);
        assertThat(in.read()).isEqualTo('b');
        assertThat(in.read()).isEqualTo(-1);
        assertThat(in.read()).isEqualTo(-1);
    }

    @Test
    void throwsAtOneByteMore() {
        byte[] longer = Arrays.copyOf(CONTENT, CONTENT.length + 1);

        assertThatThrownBy(() -> verifying(longer).readAllBytes())
                .isInstanceOf(CorruptBlobException.class)
                .hasMessageContaining("from the test is longer than the 21 bytes");
    }

    @Test
    void throwsAtOneByteLess() {
        byte[] shorter = Arrays.copyOf(CONTENT, CONTENT.length - 1);

        assertThatThrownBy(() -> verifying(shorter).readAllBytes())
                .isInstanceOf(CorruptBlobException.class)
                .hasMessageContaining("ends after 20 of its 21 bytes");
    }

    @Test
    void throwsAtOneChangedBitAndNamesBothDigests() {
        byte[] changed = CONTENT.clone();
        changed[7] ^= 1;

        assertThatThrownBy(() -> verifying(changed).readAllBytes())
                .isInstanceOf(CorruptBlobException.class)
                .hasMessageContaining(BLOB.digest().toString())
                .hasMessageContaining(Digest.of(changed).toString());
    }

    @Test
    void neverGivesOutBytesBeyondTheSize() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                Arrays.fill(buffer, offset, offset + length, (byte) 'x');
                return length;
            }
        };
        InputStream in = new VerifyingInputStream(endless, BLOB, "the test");

        assertThatThrownBy(() -> in.read(new byte[1000])).isInstanceOf(CorruptBlobException.class);
    }

    @Test
    void isNotFooledByMarkAndReset() throws IOException {
        InputStream in = verifying(CONTENT);

        assertThat(in.markSupported()).isFalse();
        in.mark(100);
        in.readNBytes(5);
        assertThatThrownBy(in::reset).isInstanceOf(IOException.class);
    }

    @Test
    void verifiesSha512() {
        Descriptor blob = new Descriptor("text/plain", Digest.parse("sha512:" + "0".repeat(128)), CONTENT.length);
        InputStream in = new VerifyingInputStream(new ByteArrayInputStream(CONTENT), blob, "the test");

        assertThatThrownBy(in::readAllBytes)
                .isInstanceOf(CorruptBlobException.class)
                .hasMessageContaining("its content hashes to sha512:");
    }

    private static InputStream verifying(byte[] content) {
        return new VerifyingInputStream(new ByteArrayInputStream(content), BLOB, "the test");
    }
}
