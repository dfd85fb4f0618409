package dev.jbuild.registry;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Fetches files by http and https addresses, as ADD does: without any login, within the limits of all HTTP here, and
 * with the rules for redirects, except that plain HTTP is the user's own word.
 */
public final class RemoteFiles implements Closeable {
    /** A file that is being fetched. */
    public static final class RemoteFile implements Closeable {
        private final HttpAnswer answer;

        private RemoteFile(HttpAnswer answer) {
            this.answer = answer;
        }

        /** Its bytes, unchecked; fewer than {@link #length} are an exception. */
        public InputStream content() {
            return answer.body();
        }

        /** The bytes to come; empty when the server does not say. */
        public OptionalLong length() {
            return answer.length();
        }

        /** The server's name for this version of the file, quotes included. */
        public Optional<String> etag() {
            return answer.field("ETag");
        }

        /** The server's date of the file, as RFC 9110 section 5.6.7 writes it. */
        public Optional<String> lastModified() {
            return answer.field("Last-Modified");
        }

        /** The {@code Content-Disposition} field: a server's wish for a name, which is no path. */
        public Optional<String> disposition() {
            return answer.field("Content-Disposition");
        }

        @Override
        public void close() {
            answer.close();
        }
    }

    private final RegistryOptions options;
    private final Timing timing;
    private final Wire wire;
    private final Redirects redirects;

    public RemoteFiles(RegistryOptions options) {
        this(options, Timing.system(), InetAddress::getAllByName);
    }

    RemoteFiles(RegistryOptions options, Timing timing, Dialer.Resolver resolver) {
        this.options = options;
        this.timing = timing;
        this.wire = new Wire(options, timing, resolver);
        this.redirects = new Redirects(wire, HostRules.forFiles(options.trusted()));
    }

    /**
     * Asks for a file.
     *
     * @throws IllegalArgumentException when the address is not an absolute http or https one
     * @throws RegistryException when the server does not give it; its kind says why
     */
    public RemoteFile open(URI address) throws IOException {
        HttpRequest request = HttpRequest.get(withoutFragment(address));
        return new RetryBudget(request.toString(), options.limits(), timing).run(() -> {
            HttpAnswer answer = redirects.send(request, Origin.of(request.uri()));
            if (answer.status() == 200) {
                return new RemoteFile(answer);
            }
            try (answer) {
                throw ErrorAnswers.of(answer);
            }
        });
    }

    private static URI withoutFragment(URI address) {
        boolean http = "http".equalsIgnoreCase(address.getScheme()) || "https".equalsIgnoreCase(address.getScheme());
        if (!http || address.getHost() == null || address.getRawUserInfo() != null) {
            throw new IllegalArgumentException("not an http or https address of a file: " + Redacted.url(address));
        }
        String text = address.toString();
        int fragment = text.indexOf('#');
        return fragment < 0 ? address : URI.create(text.substring(0, fragment));
    }

    /** Closes all connections. */
    @Override
    public void close() {
        wire.close();
    }
}
