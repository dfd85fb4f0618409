package dev.jbuild.core.build;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The repositories of a folder over http by git's own CGI program, for one user with a password. */
final class GitWeb implements AutoCloseable {
    static final String LOGIN = "user:s3cr3t";

    private final Path folder;
    private final String login;
    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> log = new CopyOnWriteArrayList<>();

    GitWeb(Path folder) throws IOException {
        this(folder, LOGIN);
    }

    /** @param login the user and password that it wants */
    GitWeb(Path folder, String login) throws IOException {
        this.folder = folder;
        this.login = login;
        server.createContext("/", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    /** @param login with its {@code @}, or empty */
    String url(String login, String name) {
        return "http://" + login + "127.0.0.1:" + server.getAddress().getPort() + "/" + name + ".git";
    }

    /** How a secret for this server alone is called behind its name. */
    String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Statuses of the answers, with the paths that were asked for. */
    List<String> log() {
        return List.copyOf(log);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String expected = "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
            if (path.startsWith("/moved")) {
                exchange.getResponseHeaders()
                        .set(
                                "Location",
                                path.replace("/moved", "/app") + "?"
                                        + exchange.getRequestURI().getQuery());
                answer(exchange, 302, new byte[0]);
            } else if (!expected.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=git");
                answer(exchange, 401, new byte[0]);
            } else {
                backend(exchange);
            }
        }
    }

    private void backend(HttpExchange exchange) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("git", "http-backend");
        builder.environment().put("GIT_PROJECT_ROOT", folder.toString());
        builder.environment().put("GIT_HTTP_EXPORT_ALL", "1");
        builder.environment().put("REQUEST_METHOD", exchange.getRequestMethod());
        builder.environment().put("PATH_INFO", exchange.getRequestURI().getPath());
        builder.environment().put("QUERY_STRING", text(exchange.getRequestURI().getQuery()));
        builder.environment()
                .put("CONTENT_TYPE", text(exchange.getRequestHeaders().getFirst("Content-Type")));
        builder.environment()
                .put("HTTP_CONTENT_ENCODING", text(exchange.getRequestHeaders().getFirst("Content-Encoding")));
        builder.environment()
                .put("GIT_PROTOCOL", text(exchange.getRequestHeaders().getFirst("Git-Protocol")));
        Process process = builder.start();
        try (OutputStream in = process.getOutputStream()) {
            exchange.getRequestBody().transferTo(in);
        }
        try (InputStream out = process.getInputStream()) {
            for (String field : head(out)) {
                String[] parts = field.split(": ", 2);
                exchange.getResponseHeaders().set(parts[0], parts[1]);
            }
            answer(exchange, 200, out.readAllBytes());
        }
    }

    private void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        log.add(status + " " + exchange.getRequestURI().getPath());
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    private static List<String> head(InputStream in) throws IOException {
        List<String> fields = new ArrayList<>();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n' && line.size() == 0) {
                return fields;
            }
            if (b == '\n') {
                fields.add(line.toString(StandardCharsets.ISO_8859_1));
                line.reset();
            } else if (b != '\r') {
                line.write(b);
            }
        }
        return fields;
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
