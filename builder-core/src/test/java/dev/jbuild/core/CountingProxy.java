package dev.jbuild.core;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Stands before a registry under a port of its own and writes down every request. */
final class CountingProxy implements AutoCloseable {
    /** Headers of one connection only (RFC 9110 section 7.6.1), and those that the client sets itself. */
    private static final Set<String> HOP_HEADERS =
            Set.of("connection", "content-length", "expect", "host", "http2-settings", "transfer-encoding", "upgrade");

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Consumer<String> gate = _ -> {};
    private final String upstream;
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer server;

    CountingProxy(String upstream) throws IOException {
        this.upstream = upstream;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::pass);
        server.start();
    }

    /** {@code 127.0.0.1:PORT}. */
    String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** {@code METHOD /path?query} of each request, in order. */
    List<String> requests() {
        return requests;
    }

    /** Hears each request before it is passed on. */
    void gate(Consumer<String> gate) {
        this.gate = gate;
    }

    private void pass(HttpExchange exchange) throws IOException {
        String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        requests.add(line);
        gate.accept(line);
        try (exchange;
                InputStream body = exchange.getRequestBody()) {
            HttpResponse<InputStream> answer = ask(exchange, body.readAllBytes());
            answer.headers().map().forEach((name, values) -> {
                if (isEndToEnd(name)) {
                    exchange.getResponseHeaders().put(name, here(values));
                }
            });
            answerWith(exchange, answer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whoever is sent to another place comes by here again. */
    private List<String> here(List<String> values) {
        return values.stream().map(value -> value.replace(upstream, host())).toList();
    }

    private HttpResponse<InputStream> ask(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://" + upstream + exchange.getRequestURI()))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (isEndToEnd(name)) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    private static void answerWith(HttpExchange exchange, HttpResponse<InputStream> answer) throws IOException {
        try (InputStream content = answer.body()) {
            if (exchange.getRequestMethod().equals("HEAD")) {
                answer.headers()
                        .firstValue("Content-Length")
                        .ifPresent(length -> exchange.getResponseHeaders().set("Content-Length", length));
                exchange.sendResponseHeaders(answer.statusCode(), -1);
                return;
            }
            byte[] bytes = content.readAllBytes();
            exchange.sendResponseHeaders(answer.statusCode(), bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) {
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(bytes);
                }
            }
        }
    }

    private static boolean isEndToEnd(String header) {
        return !HOP_HEADERS.contains(header.toLowerCase(Locale.ROOT)) && !header.startsWith(":");
    }

    @Override
    public void close() {
        server.stop(0);
        client.close();
    }
}
