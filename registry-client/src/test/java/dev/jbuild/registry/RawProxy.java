package dev.jbuild.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** A proxy that leads every tunnel to one port of loopback. */
final class RawProxy implements AutoCloseable {
    private final RawServer server;

    RawProxy(int port) throws IOException {
        this.server = new RawServer((head, in, out) -> tunnel(port, in, out));
    }

    private static void tunnel(int port, InputStream in, OutputStream out) throws IOException, InterruptedException {
        try (Socket target = new Socket(InetAddress.getLoopbackAddress(), port)) {
            RawServer.say(out, "HTTP/1.1 200 Connection established\r\n\r\n");
            Thread back = Thread.ofVirtual().start(() -> copy(target, out));
            in.transferTo(target.getOutputStream());
            target.shutdownOutput();
            back.join();
        }
    }

    private static void copy(Socket from, OutputStream to) {
        try {
            from.getInputStream().transferTo(to);
        } catch (IOException e) {
            // The other direction was closed, and with it the tunnel.
            return;
        }
    }

    /** The proxy's address with a login, for every target. */
    Proxies withLogin() {
        return target -> Optional.of(URI.create("http://user:pass@" + server.host()));
    }

    List<String> heads() {
        return server.heads();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
