package dev.jbuild.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.jbuild.oci.CorruptBlobException;
import dev.jbuild.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Downloads over lines that break. */
class BlobDownloadTest {
    private static final Pattern RANGE = Pattern.compile("\r\nRange: bytes=(\\d+)-\r\n");

    private final MemoryBlobs blobs = new MemoryBlobs();
    private final Descriptor blob = blobs.addRandom(3_000_000);
    private final byte[] content = blobs.bytes(blob);

    private static byte[] read(Client client, String host, Descriptor blob) throws IOException {
        try (InputStream in = client.app(host).open(blob)) {
            return in.readAllBytes();
        }
    }

    private static int start(String head) {
        Matcher range = RANGE.matcher(head);
        return range.find() ? Integer.parseInt(range.group(1)) : 0;
    }

    private String head(int start, String more) {
        String range = "Content-Range: bytes " + start + "-" + (content.length - 1) + "/" + content.length + "\r\n";
        return "HTTP/1.1 " + (start == 0 ? "200 OK" : "206 Partial Content") + "\r\nContent-Length: "
                + (content.length - start) + "\r\n" + (start == 0 ? "" : range) + more + "\r\n";
    }

    private void send(OutputStream out, int start, int count) throws IOException {
        out.write(content, start, Math.min(count, content.length - start));
    }

    @Test
    void aBrokenDownloadGoesOnWhereItBroke() throws IOException {
        try (RawServer registry = new RawServer((head, in, out) -> {
                    RawServer.say(out, head(start(head), "ETag: \"v1\"\r\n"));
                    send(out, start(head), 1_200_000);
                });
                Client client = new Client()) {
            assertThat(read(client, registry.host(), blob)).isEqualTo(content);

            List<String> heads = registry.heads();
            assertThat(heads).hasSize(3);
            assertThat(heads.get(0)).doesNotContain("Range");
            assertThat(heads.get(1)).contains("Range: bytes=1200000-\r\n").contains("If-Range: \"v1\"\r\n");
            assertThat(heads.get(2)).contains("Range: bytes=2400000-\r\n");
        }
    }

    @Test
    void aWeakVersionIsNoReasonToBelieveThatTheBytesAreTheSame() throws IOException {
        try (RawServer registry = new RawServer((head, in, out) -> {
                    RawServer.say(out, head(start(head), "ETag: W/\"v1\"\r\n"));
                    send(out, start(head), 2_000_000);
                });
                Client client = new Client()) {
            assertThat(read(client, registry.host(), blob)).isEqualTo(content);

            assertThat(registry.heads().get(1)).doesNotContain("If-Range");
        }
    }

    @Test
    void aServerThatKnowsNoRangesSendsAllAgain() throws IOException {
        try (RawServer registry = new RawServer((head, in, out) -> {
                    RawServer.say(out, head(0, ""));
                    send(out, 0, start(head) == 0 ? 1_200_000 : content.length);
                });
                Client client = new Client()) {
            assertThat(read(client, registry.host(), blob)).isEqualTo(content);
            assertThat(registry.heads()).hasSize(2);
        }
    }

    @Test
    void aPieceFromTheWrongPlaceIsRefused() throws IOException {
        try (RawServer registry = new RawServer((head, in, out) -> {
                    RawServer.say(out, head(start(head), "").replace("bytes 1200000-", "bytes 0-"));
                    send(out, start(head), 1_200_000);
                });
                Client client = new Client()) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> read(client, registry.host(), blob))
                    .withMessageContaining("asked for the bytes from 1200000");
        }
    }

    @Test
    void aBlobThatChangedInBetweenIsCorrupt() throws IOException {
        try (RawServer registry = new RawServer((head, in, out) -> {
                    RawServer.say(out, head(start(head), ""));
                    if (start(head) == 0) {
                        send(out, 0, 1_200_000);
                    } else {
                        out.write(new byte[content.length - 1_200_000]);
                    }
                });
                Client client = new Client()) {
            assertThatExceptionOfType(CorruptBlobException.class)
                    .isThrownBy(() -> read(client, registry.host(), blob))
                    .withMessageContaining("hashes to");
        }
    }

    @Test
    void aBlobThatIsShorterOnTheServerIsCorrupt() throws IOException {
        try (RawServer registry = new RawServer((head, in, out) -> {
                    if (start(head) > 0) {
                        RawServer.say(out, "HTTP/1.1 416 No\r\nContent-Length: 0\r\n\r\n");
                    } else {
                        RawServer.say(out, "HTTP/1.1 200 OK\r\n\r\n");
                        send(out, 0, 1_200_000);
                    }
                });
                Client client = new Client()) {
            assertThatExceptionOfType(CorruptBlobException.class)
                    .isThrownBy(() -> read(client, registry.host(), blob))
                    .withMessageContaining("ends after 1200000 of its 3000000 bytes");
        }
    }

    @Test
    void aDownloadThatNeverMovesOnFails() throws IOException {
        try (RawServer registry = new RawServer((head, in, out) -> {
                    RawServer.say(out, head(start(head), ""));
                    send(out, start(head), 10);
                });
                Client client = new Client()) {
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> read(client, registry.host(), blob))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.UNAVAILABLE))
                    .withMessageContaining("after 6 attempts");
            assertThat(registry.heads()).hasSize(6);
        }
    }

    @Test
    void aDownloadThatMovesOnMayBreakAnyNumberOfTimes() throws IOException {
        MemoryBlobs large = new MemoryBlobs();
        Descriptor long12 = large.addRandom(12 << 20);
        byte[] bytes = large.bytes(long12);
        try (RawServer registry = new RawServer((head, in, out) -> {
                    int start = start(head);
                    String status = start == 0
                            ? "200 OK"
                            : "206 Partial\r\nContent-Range: bytes " + start + "-" + (bytes.length - 1) + "/*";
                    RawServer.say(
                            out, "HTTP/1.1 " + status + "\r\nContent-Length: " + (bytes.length - start) + "\r\n\r\n");
                    out.write(bytes, start, Math.min((1 << 20) + 1, bytes.length - start));
                });
                Client client = new Client()) {
            assertThat(read(client, registry.host(), long12)).isEqualTo(bytes);
            assertThat(registry.heads()).hasSize(12);
        }
    }

    @Test
    void aBlobThatIsLeftHalfReadFreesItsConnection() throws IOException {
        try (RawServer registry = new RawServer((head, in, out) -> {
                    RawServer.say(out, head(0, ""));
                    send(out, 0, content.length);
                });
                Client client = new Client()) {
            for (int i = 0; i < 2 * HttpLimits.defaults().connections(); i++) {
                try (InputStream in = client.app(registry.host()).open(blob)) {
                    assertThat(in.read()).isEqualTo(content[0] & 0xff);
                }
            }
        }
    }
}
