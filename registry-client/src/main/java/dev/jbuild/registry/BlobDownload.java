package dev.jbuild.registry;

import dev.jbuild.oci.CorruptBlobException;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.NoSuchBlobException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A blob's bytes on their way in. A broken connection is taken up again where it broke (RFC 9110 section 14); whether
 * the pieces fit is for the digest to say.
 */
final class BlobDownload extends InputStream {
    /** So many new bytes make a transfer one that moves on. */
    private static final long PROGRESS = 1024 * 1024;

    private final Endpoint endpoint;
    private final HttpRequest request;
    private final Scope scope;
    private final Descriptor blob;
    private final RetryBudget budget;
    private final Optional<String> version;
    private HttpAnswer answer;
    private long offset;
    private long lastFailure;

    private BlobDownload(Endpoint endpoint, HttpRequest request, Scope scope, Descriptor blob, HttpAnswer answer) {
        this.endpoint = endpoint;
        this.request = request;
        this.scope = scope;
        this.blob = blob;
        this.answer = answer;
        this.budget = endpoint.budget(request);
        // A weak validator does not promise the same bytes (RFC 9110 section 13.1.5).
        this.version = answer.field("ETag").filter(tag -> tag.startsWith("\""));
    }

    /** Asks for the blob; its bytes are still unchecked. */
    static BlobDownload open(Endpoint endpoint, URI uri, Scope scope, Descriptor blob) throws IOException {
        HttpRequest request = HttpRequest.get(uri);
        HttpAnswer answer = endpoint.budget(request).run(() -> ask(endpoint, request, scope, blob));
        OptionalLong length = answer.length();
        if (length.isPresent() && length.getAsLong() != blob.size()) {
            try (answer) {
                throw new CorruptBlobException("blob " + blob.digest() + " from " + endpoint.registry() + " has "
                        + length.getAsLong() + " bytes, its descriptor says " + blob.size());
            }
        }
        return new BlobDownload(endpoint, request, scope, blob, answer);
    }

    private static HttpAnswer ask(Endpoint endpoint, HttpRequest request, Scope scope, Descriptor blob)
            throws IOException {
        HttpAnswer answer = endpoint.expect(request, scope, 200, 404);
        if (answer.status() == 404) {
            try (answer) {
                throw new NoSuchBlobException(blob.digest(), Redacted.url(request.uri()));
            }
        }
        return answer;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int start, int length) throws IOException {
        while (true) {
            try {
                int count = readOnce(buffer, start, length);
                offset += Math.max(count, 0);
                return count;
            } catch (IOException e) {
                resume(e);
            }
        }
    }

    private int readOnce(byte[] buffer, int start, int length) throws IOException {
        int count = answer.body().read(buffer, start, length);
        if (count < 0 && offset < blob.size() && answer.length().isEmpty()) {
            throw new IOException("the answer ends after " + offset + " of " + blob.size() + " bytes");
        }
        return count;
    }

    private void resume(IOException failure) throws IOException {
        if (offset - lastFailure >= PROGRESS) {
            budget.progressed();
        }
        lastFailure = offset;
        answer.close();
        budget.afterFailure(failure);
        answer = budget.run(this::rest);
    }

    /** The rest of the blob: by a range, or by reading over what is already known when the server gives all of it. */
    private HttpAnswer rest() throws IOException {
        HttpAnswer rest = endpoint.expect(ranged(), scope, 200, 206, 416);
        try {
            switch (rest.status()) {
                case 206 -> requireStart(rest);
                case 416 -> throw tooShort();
                default -> rest.body().skipNBytes(offset);
            }
            return rest;
        } catch (IOException e) {
            rest.close();
            throw e;
        }
    }

    private HttpRequest ranged() {
        HttpRequest ranged = request.with("Range", "bytes=" + offset + "-");
        return version.map(tag -> ranged.with("If-Range", tag)).orElse(ranged);
    }

    private void requireStart(HttpAnswer rest) throws RegistryException {
        String range = rest.field("Content-Range").orElse("");
        if (!range.startsWith("bytes " + offset + "-")) {
            throw new RegistryException(
                    RegistryException.Kind.REFUSED,
                    request + ": asked for the bytes from " + offset + ", the server sends " + Redacted.text(range));
        }
    }

    private CorruptBlobException tooShort() {
        return new CorruptBlobException("blob " + blob.digest() + " from " + endpoint.registry() + " ends after "
                + offset + " of its " + blob.size() + " bytes");
    }

    @Override
    public void close() throws IOException {
        answer.close();
    }
}
