package dev.jbuild.registry;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;

/** Opens connections: resolves names, connects, goes through a proxy, puts TLS on top. */
final class Dialer {
    /** Turns a host name into its addresses. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    private final RegistryOptions options;
    private final Timing timing;
    private final Resolver resolver;

    Dialer(RegistryOptions options, Timing timing, Resolver resolver) {
        this.options = options;
        this.timing = timing;
        this.resolver = resolver;
    }

    WireConnection dial(Origin target) throws IOException {
        Optional<URI> proxy = options.proxies().find(target.uri("/"));
        Origin first = proxy.map(Origin::of).orElse(target);
        Socket socket = connect(first.bareHost(), first.port());
        try {
            if (!target.isTls()) {
                return new WireConnection(new GuardedSocket(socket, options.limits(), timing));
            }
            if (proxy.isPresent()) {
                tunnel(socket, proxy.get(), target);
            }
            SSLSocket tls = secure(socket, target);
            return new WireConnection(new GuardedSocket(tls, socket, options.limits(), timing));
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Tries the addresses in turn; each gets its share of the time that is left, so that a dead one costs not all. */
    private Socket connect(String host, int port) throws IOException {
        InetAddress[] addresses = resolver.resolve(host);
        long deadline = timing.nanos() + options.limits().connect().toNanos();
        IOException failure = new UnknownHostException(host);
        for (int i = 0; i < addresses.length; i++) {
            long share = (deadline - timing.nanos()) / (addresses.length - i);
            try {
                return connect(new InetSocketAddress(addresses[i], port), Duration.ofNanos(share));
            } catch (IOException e) {
                failure = e;
            }
        }
        throw failure;
    }

    private static Socket connect(InetSocketAddress address, Duration timeout) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(address, (int) Math.max(timeout.toMillis(), 1));
            return socket;
        } catch (SocketTimeoutException e) {
            socket.close();
            throw unreachable("no connection to " + address + " within " + timeout.toMillis() + " ms", e);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private SSLSocket secure(Socket socket, Origin target) throws IOException {
        SSLSocket tls = (SSLSocket)
                options.tls().context().getSocketFactory().createSocket(socket, target.bareHost(), target.port(), true);
        SSLParameters parameters = tls.getSSLParameters();
        // Java checks the certificate's host name only when told so (RFC 9110 section 4.3.4).
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        socket.setSoTimeout((int) options.limits().connect().toMillis());
        try {
            tls.startHandshake();
        } catch (SocketTimeoutException e) {
            throw unreachable(
                    "no TLS with " + target + " within "
                            + options.limits().connect().toMillis() + " ms",
                    e);
        }
        return tls;
    }

    private static ConnectException unreachable(String why, IOException cause) {
        ConnectException unreachable = new ConnectException(why);
        unreachable.initCause(cause);
        return unreachable;
    }

    /** RFC 9110 section 9.3.6. The server speaks only after us, so nothing of it can be lost in the buffer. */
    private void tunnel(Socket socket, URI proxy, Origin target) throws IOException {
        BasicClassicHttpRequest connect = new BasicClassicHttpRequest("CONNECT", "/");
        connect.setPath(target.hostAndPort());
        connect.setHeader("Host", target.hostAndPort());
        login(proxy).ifPresent(login -> connect.setHeader("Proxy-Authorization", login));
        @SuppressWarnings("resource") // Closing it would close the socket, which the tunnel goes on in.
        WireConnection connection = new WireConnection(new GuardedSocket(socket, options.limits(), timing));
        try {
            connection.sendRequestHeader(connect);
            connection.flush();
            int status = connection.receiveFinalHead().getCode();
            if (status / 100 != 2) {
                throw new RegistryException(
                        RegistryException.Kind.UNAVAILABLE,
                        "the proxy " + Redacted.url(proxy) + " answers " + status + " when asked for " + target);
            }
        } catch (HttpException e) {
            throw new IOException("the proxy " + Redacted.url(proxy) + " does not speak HTTP/1.1", e);
        }
    }

    /** The login in a proxy's address, as a {@code Proxy-Authorization} field. */
    static Optional<String> login(URI proxy) {
        return Optional.ofNullable(proxy.getUserInfo())
                .map(info -> Base64.getEncoder().encodeToString(info.getBytes(StandardCharsets.UTF_8)))
                .map(encoded -> "Basic " + encoded);
    }
}
