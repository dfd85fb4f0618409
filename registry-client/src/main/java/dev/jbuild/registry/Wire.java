package dev.jbuild.registry;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.URI;
import java.util.Optional;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.message.MessageSupport;
import org.apache.hc.core5.http.protocol.HttpCoreContext;

/** Sends one request over HTTP/1.1 and gives its answer, whatever that is: no redirect, no login, no second try. */
final class Wire implements Closeable {
    private final RegistryOptions options;
    private final Timing timing;
    private final ConnectionPool pool;

    Wire(RegistryOptions options, Timing timing, Dialer.Resolver resolver) {
        this.options = options;
        this.timing = timing;
        this.pool = new ConnectionPool(new Dialer(options, timing, resolver), options.limits(), timing);
    }

    HttpAnswer send(HttpRequest request) throws IOException {
        ConnectionPool.Direction direction =
                request.body().length() > 0 ? ConnectionPool.Direction.UP : ConnectionPool.Direction.DOWN;
        while (true) {
            ConnectionPool.Lease lease = pool.lease(Origin.of(request.uri()), direction);
            try {
                return exchange(request, lease);
            } catch (HttpException e) {
                lease.discard();
                throw new IOException(
                        "the answer is not HTTP/1.1: " + Redacted.text(String.valueOf(e.getMessage())), e);
            } catch (IOException e) {
                lease.discard();
                if (!wasClosedByPeer(e, lease, direction)) {
                    throw e;
                }
            } catch (RuntimeException e) {
                lease.discard();
                throw e;
            }
        }
    }

    /** A kept connection may end at any time, which says nothing of the request (RFC 9112 section 9.3.1). */
    private static boolean wasClosedByPeer(
            IOException failure, ConnectionPool.Lease lease, ConnectionPool.Direction direction) {
        boolean ended = failure instanceof NoHttpResponseException
                || failure instanceof ConnectionClosedException
                || failure instanceof SocketException;
        return ended && lease.isReused() && direction == ConnectionPool.Direction.DOWN;
    }

    private HttpAnswer exchange(HttpRequest request, ConnectionPool.Lease lease) throws HttpException, IOException {
        WireConnection connection = lease.connection();
        ClassicHttpRequest head = head(request);
        connection.sendRequestHeader(head);
        boolean whole = !request.hasBody() || sendBody(request, head, connection);
        if (whole) {
            connection.flush();
        }
        ClassicHttpResponse response = connection.receiveFinalHead();
        boolean reusable = whole
                && connection.isConsistent()
                && DefaultConnectionReuseStrategy.INSTANCE.keepAlive(head, response, HttpCoreContext.create());
        if (!MessageSupport.canResponseHaveBody(request.method(), response)) {
            return new HttpAnswer(request, response, AnswerBody.none(lease, reusable));
        }
        connection.receiveResponseEntity(response);
        HttpEntity entity = response.getEntity();
        InputStream content = entity == null ? InputStream.nullInputStream() : entity.getContent();
        return new HttpAnswer(request, response, new AnswerBody(content, lease, reusable));
    }

    /** False when the server stopped reading: it may have answered before it did so. */
    private boolean sendBody(HttpRequest request, ClassicHttpRequest head, WireConnection connection)
            throws HttpException, IOException {
        BodyEntity entity = new BodyEntity(request.body(), timing);
        head.setEntity(entity);
        StallWatch watch = StallWatch.over(entity, connection, options.limits().slowWindow());
        try {
            connection.sendRequestEntity(head);
            return true;
        } catch (BodyEntity.SourceException e) {
            throw e;
        } catch (IOException e) {
            if (watch.hasFired()) {
                throw watch.stall(e);
            }
            if (!connection.answersSoon()) {
                throw e;
            }
            return false;
        } finally {
            watch.close();
        }
    }

    private ClassicHttpRequest head(HttpRequest request) {
        URI uri = request.uri();
        Origin origin = Origin.of(uri);
        String target = target(uri);
        Optional<URI> proxy =
                origin.isTls() ? Optional.empty() : options.proxies().find(origin.uri("/"));
        ClassicHttpRequest head = new BasicClassicHttpRequest(request.method(), "/");
        // Not by the constructor, which would take the start of a path with two slashes for a host.
        head.setPath(proxy.isPresent() ? origin + target : target);
        head.setHeader("Host", origin.authority());
        head.setHeader("User-Agent", options.userAgent());
        // Blobs are named by the digest of their bytes: nobody on the way may encode them.
        head.setHeader("Accept-Encoding", "identity");
        request.fields().forEach(head::setHeader);
        proxy.flatMap(Dialer::login).ifPresent(login -> head.setHeader("Proxy-Authorization", login));
        if (request.hasBody()) {
            head.setHeader("Content-Length", Long.toString(request.body().length()));
        }
        return head;
    }

    private static String target(URI uri) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    @Override
    public void close() {
        pool.close();
    }
}
