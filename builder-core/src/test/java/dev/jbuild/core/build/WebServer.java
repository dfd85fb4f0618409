package dev.jbuild.core.build;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A web server on loopback with files that have tags and dates, and that honours conditions. */
final class WebServer implements AutoCloseable {
    static final String DATE = "Tue, 01 Sep 2026 00:00:00 GMT";

    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Served> files = new ConcurrentHashMap<>();
    private final Map<String, String> fields = new ConcurrentHashMap<>();
    private final List<String> log = new CopyOnWriteArrayList<>();

    private record Served(byte[] content, String tag) {}

    WebServer() throws IOException {
        server.createContext("/", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    /** Puts a file at a path; its tag changes with its content. */
    WebServer file(String path, byte[] content) {
        files.put(path, new Served(content, "\"" + Arrays.hashCode(content) + "\""));
        return this;
    }

    WebServer file(String path, String content) {
        return file(path, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a field to every answer. */
    WebServer saying(String field, String value) {
        fields.put(field, value);
        return this;
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** Requests so far with the status of their answers: {@code 200 GET /a}. */
    List<String> log() {
        return List.copyOf(log);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Served file = files.get(exchange.getRequestURI().getPath());
            String known = exchange.getRequestHeaders().getFirst("If-None-Match");
            int status = file == null ? 404 : file.tag().equals(known) ? 304 : 200;
            log.add(status + " " + exchange.getRequestMethod() + " " + exchange.getRequestURI());
            if (file == null) {
                exchange.sendResponseHeaders(status, -1);
                return;
            }
            exchange.getResponseHeaders().set("ETag", file.tag());
            exchange.getResponseHeaders().set("Last-Modified", DATE);
            fields.forEach(exchange.getResponseHeaders()::set);
            boolean empty = status != 200 || file.content().length == 0;
            exchange.sendResponseHeaders(status, empty ? -1 : file.content().length);
            if (!empty) {
                exchange.getResponseBody().write(file.content());
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
