package dev.jbuild.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** An HTTP server on loopback that answers as a test tells it to, and remembers what it was asked. */
final class FakeServer implements AutoCloseable {
    /** A request as it came in. */
    record Seen(String method, String target, Map<String, List<String>> fields, byte[] body) {
        Optional<String> field(String name) {
            return Optional.ofNullable(fields.get(name)).map(List::getFirst);
        }

        String path() {
            return URI.create(target).getPath();
        }

        @Override
        public String toString() {
            return method + " " + target;
        }
    }

    /** An answer. */
    record Reply(int status, Map<String, String> fields, byte[] body) {
        static Reply of(int status) {
            return new Reply(status, Map.of(), new byte[0]);
        }

        static Reply json(String body) {
            return of(200).body(body.replace('\'', '"')).with("Content-Type", "application/json");
        }

        Reply withStatus(int other) {
            return new Reply(other, fields, body);
        }

        Reply with(String field, String value) {
            Map<String, String> more = new LinkedHashMap<>(fields);
            more.put(field, value);
            return new Reply(status, more, body);
        }

        Reply body(byte[] bytes) {
            return new Reply(status, fields, bytes);
        }

        Reply body(String text) {
            return body(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Decides on an answer. */
    @FunctionalInterface
    interface Responder {
        Reply reply(Seen seen) throws IOException;
    }

    private record Route(String method, String path, Responder responder) {
        boolean matches(Seen seen) {
            boolean rightPath = path.endsWith("*")
                    ? seen.path().startsWith(path.substring(0, path.length() - 1))
                    : seen.path().equals(path);
            return rightPath && (method.equals("*") || method.equals(seen.method()));
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Route> routes = new CopyOnWriteArrayList<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();

    FakeServer() throws IOException {
        this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    /** A server that speaks TLS. */
    static FakeServer withTls(SSLContext context) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return new FakeServer(server);
    }

    private FakeServer(HttpServer server) {
        this.server = server;
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    /** Answers requests of that method ({@code *}: any) and path (ending in {@code *}: prefix); later rules win. */
    FakeServer on(String method, String path, Responder responder) {
        routes.addFirst(new Route(method, path, responder));
        return this;
    }

    FakeServer on(String method, String path, Reply reply) {
        return on(method, path, request -> reply);
    }

    /** Answers with these in turn, and then always with the last. */
    FakeServer onEach(String method, String path, Reply... replies) {
        Deque<Reply> left = new ArrayDeque<>(List.of(replies));
        return on(method, path, request -> {
            synchronized (left) {
                return left.size() > 1 ? left.removeFirst() : left.getFirst();
            }
        });
    }

    List<Seen> seen() {
        return List.copyOf(seen);
    }

    List<Seen> seen(String method) {
        return seen.stream().filter(request -> request.method().equals(method)).toList();
    }

    /** The requests as {@code METHOD /path?query}, in the order in which they came. */
    List<String> log() {
        return seen.stream().map(Seen::toString).toList();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** {@code 127.0.0.1:PORT}. */
    String host() {
        return "127.0.0.1:" + port();
    }

    String url(String path) {
        return "http://" + host() + path;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Seen request = new Seen(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    Map.copyOf(exchange.getRequestHeaders()),
                    exchange.getRequestBody().readAllBytes());
            seen.add(request);
            answer(exchange, reply(request));
        }
    }

    private Reply reply(Seen request) throws IOException {
        for (Route route : routes) {
            if (route.matches(request)) {
                return route.responder().reply(request);
            }
        }
        return Reply.of(404);
    }

    private static void answer(HttpExchange exchange, Reply reply) throws IOException {
        reply.fields().forEach(exchange.getResponseHeaders()::set);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            if (!reply.fields().containsKey("Content-Length")) {
                exchange.getResponseHeaders().set("Content-Length", Integer.toString(reply.body().length));
            }
            exchange.sendResponseHeaders(reply.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
        exchange.getResponseBody().write(reply.body());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
