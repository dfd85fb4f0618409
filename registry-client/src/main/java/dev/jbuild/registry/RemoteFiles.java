package dev.jbuild.registry;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.util.Optional;

/**
 * Fetches files by http and https addresses, as ADD does: without any login, within the limits of all HTTP here, and
 * with the rules for redirects, except that plain HTTP is the user's own word. {@code Content-Disposition} is not looked at:
 * a file is called as its address says.
 */
public final class RemoteFiles implements Closeable {
    /**
     * What the server said of a version of a file: enough to ask whether there is another.
     *
     * @param etag quotes included
     * @param lastModified as RFC 9110 section 5.6.7 writes it
     */
    public record Version(Optional<String> etag, Optional<String> lastModified) {
        /** Of a file that was never fetched. */
        public static final Version NONE = new Version(Optional.empty(), Optional.empty());

        /** The request with its conditions (RFC 9110 section 13.1); a date says less than a tag. */
        private HttpRequest conditionsOf(HttpRequest request) {
            return etag.map(tag -> request.with("If-None-Match", tag))
                    .or(() -> lastModified.map(date -> request.with("If-Modified-Since", date)))
                    .orElse(request);
        }

        private boolean isEmpty() {
            return etag.isEmpty() && lastModified.isEmpty();
        }
    }

    /** Where a file's bytes go. */
    @FunctionalInterface
    public interface Target {
        /** Opens it for one attempt, empty: what an earlier one wrote is void. */
        OutputStream begin() throws IOException;
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
     * Fetches a whole file unless it is still the version that is known; what breaks midway is begun anew.
     *
     * @param limit the most bytes that are taken
     * @return the version that was fetched; empty when the known one still holds, and then nothing was written
     * @throws IllegalArgumentException when the address is not an absolute http or https one
     * @throws RegistryException when the server does not give it, or gives more than the limit
     */
    public Optional<Version> download(URI address, Version known, long limit, Target target) throws IOException {
        HttpRequest request = known.conditionsOf(HttpRequest.get(withoutFragment(address)));
        return new RetryBudget(request.toString(), options.limits(), timing).run(() -> {
            try (HttpAnswer answer = redirects.send(request, Origin.of(request.uri()))) {
                if (answer.status() == 304 && !known.isEmpty()) {
                    return Optional.empty();
                }
                if (answer.status() != 200) {
                    throw ErrorAnswers.of(answer);
                }
                write(answer, limit, target);
                return Optional.of(new Version(answer.field("ETag"), answer.field("Last-Modified")));
            }
        });
    }

    /** A full disk is no reason to try again, so failures of the target come out as they are. */
    private static void write(HttpAnswer answer, long limit, Target target) throws IOException {
        byte[] buffer = new byte[HttpLimits.BUFFER];
        long total = 0;
        try (OutputStream out = opened(target)) {
            for (int count = answer.body().read(buffer);
                    count >= 0;
                    count = answer.body().read(buffer)) {
                total += count;
                if (total > limit) {
                    throw new RegistryException(
                            RegistryException.Kind.REFUSED,
                            answer.request() + ": the file is longer than the limit of " + limit + " bytes");
                }
                put(out, buffer, count);
            }
        }
    }

    private static OutputStream opened(Target target) throws BodyEntity.SourceException {
        try {
            return target.begin();
        } catch (IOException e) {
            throw new BodyEntity.SourceException(e);
        }
    }

    private static void put(OutputStream out, byte[] buffer, int count) throws BodyEntity.SourceException {
        try {
            out.write(buffer, 0, count);
        } catch (IOException e) {
            throw new BodyEntity.SourceException(e);
        }
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
