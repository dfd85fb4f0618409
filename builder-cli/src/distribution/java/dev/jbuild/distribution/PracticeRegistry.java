package dev.jbuild.distribution;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A registry in memory on the loopback interface: as much of one as a push and a pull need. */
final class PracticeRegistry implements AutoCloseable {
    private static final int NOT_FOUND = 404;

    private final HttpServer server;
    private final ExecutorService threads;
    private final Map<String, Content> contents = new ConcurrentHashMap<>();

    private record Content(String mediaType, byte[] bytes) {}

    private PracticeRegistry(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    static PracticeRegistry start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        PracticeRegistry registry = new PracticeRegistry(server, Executors.newVirtualThreadPerTaskExecutor());
        server.setExecutor(registry.threads);
        server.createContext("/v2/", registry::answer);
        server.start();
        return registry;
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            byte[] body = exchange.getRequestBody().readAllBytes();
            switch (exchange.getRequestMethod()) {
                case "POST" -> reply(exchange, 202, "Location", path + "session");
                case "PATCH" -> {
                    contents.merge(path, new Content("", body), PracticeRegistry::joined);
                    reply(exchange, 202, "Location", path);
                }
                case "PUT" -> put(exchange, path, body);
                default -> get(exchange, path);
            }
        }
    }

    private void put(HttpExchange exchange, String path, byte[] body) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        if (query != null && query.contains("digest=")) {
            String digest = query.substring(query.indexOf("digest=") + "digest=".length());
            Content sent = contents.getOrDefault(path, new Content("", new byte[0]));
            contents.remove(path);
            put(path.replaceAll("uploads/.*", "") + digest, joined(sent, new Content("", body)));
        } else {
            put(path, new Content(exchange.getRequestHeaders().getFirst("Content-Type"), body));
        }
        reply(exchange, 201, "Location", path);
    }

    private void put(String path, Content content) {
        contents.put(path, content);
        contents.put(path.replaceAll("[^/]*$", "") + Sha256.of(content.bytes()), content);
    }

    private void get(HttpExchange exchange, String path) throws IOException {
        Content content = contents.get(path);
        if (content == null) {
            reply(exchange, path.equals("/v2/") ? 200 : NOT_FOUND, "Docker-Distribution-Api-Version", "registry/2.0");
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", content.mediaType());
        exchange.getResponseHeaders().set("Docker-Content-Digest", Sha256.of(content.bytes()));
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.bytes().length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        exchange.sendResponseHeaders(200, content.bytes().length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(content.bytes());
        }
    }

    private static void reply(HttpExchange exchange, int status, String header, String value) throws IOException {
        exchange.getResponseHeaders().set(header, value);
        exchange.sendResponseHeaders(status, -1);
    }

    private static Content joined(Content first, Content second) {
        byte[] all = java.util.Arrays.copyOf(first.bytes(), first.bytes().length + second.bytes().length);
        System.arraycopy(second.bytes(), 0, all, first.bytes().length, second.bytes().length);
        return new Content(first.mediaType(), all);
    }
}
