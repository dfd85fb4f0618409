package dev.jbuild.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Debian's docker-registry behind a line that breaks in the midst of transfers. It sends ranges, but it forgets an upload
 * whose connection broke ("upload resumed at wrong offset" in its log), so uploads begin anew.
 */
@Tag("peer")
@Timeout(120)
class LossyLineTest {
    private static final int BYTES_UNTIL_IT_BREAKS = 2_500_000;

    @TempDir
    private Path folder;

    private final MemoryBlobs blobs = new MemoryBlobs();
    private final AtomicInteger breaksToCome = new AtomicInteger();
    private DebianRegistry registry;
    private ServerSocket line;

    @BeforeEach
    void start() throws IOException {
        registry = DebianRegistry.start(folder);
        line = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    @AfterEach
    void stop() throws IOException {
        line.close();
        registry.close();
    }

    private void accept() {
        int port = Integer.parseInt(registry.host().substring(registry.host().indexOf(':') + 1));
        try {
            while (true) {
                Socket client = line.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
                Thread.ofVirtual().start(() -> carry(client, server));
                Thread.ofVirtual().start(() -> carry(server, client));
            }
        } catch (IOException e) {
            // The test is over: its end of the line was closed.
            return;
        }
    }

    private void carry(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            int carried = 0;
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                carried += count;
                if (carried > BYTES_UNTIL_IT_BREAKS && breaksToCome.getAndUpdate(n -> Math.max(n - 1, 0)) > 0) {
                    return;
                }
                out.write(buffer, 0, count);
            }
        } catch (IOException e) {
            // The other direction broke the line.
            return;
        }
    }

    @Test
    void aBlobGetsThroughInBothDirections() throws IOException {
        Descriptor blob = blobs.addRandom(10_000_000);
        try (Client client = new Client()) {
            Repository repository = client.app("127.0.0.1:" + line.getLocalPort());

            breaksToCome.set(3);
            repository.upload(blob, blobs);
            assertThat(breaksToCome).hasValue(0);

            breaksToCome.set(3);
            try (InputStream in = repository.open(blob)) {
                assertThat(in.readAllBytes()).isEqualTo(blobs.bytes(blob));
            }
            assertThat(breaksToCome).hasValue(0);
        }
    }
}
