package dev.jbuild.registry;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;

/** An answer whose body is still to be read. Closing it before the body's end breaks the connection off. */
final class HttpAnswer implements Closeable {
    private final HttpRequest request;
    private final ClassicHttpResponse response;
    private final AnswerBody body;

    HttpAnswer(HttpRequest request, ClassicHttpResponse response, AnswerBody body) {
        this.request = request;
        this.response = response;
        this.body = body;
    }

    int status() {
        return response.getCode();
    }

    boolean isSuccess() {
        return status() / 100 == 2;
    }

    /** The request that this answers: after redirects not the one that was made first. */
    HttpRequest request() {
        return request;
    }

    URI uri() {
        return request.uri();
    }

    /** The first field of that name. */
    Optional<String> field(String name) {
        return Optional.ofNullable(response.getFirstHeader(name)).map(Header::getValue);
    }

    List<String> fields(String name) {
        return Stream.of(response.getHeaders(name)).map(Header::getValue).toList();
    }

    /** {@code Content-Length}; empty when absent or not a number. */
    OptionalLong length() {
        return field("Content-Length").map(Numbers::parse).orElse(OptionalLong.empty());
    }

    InputStream body() {
        return body;
    }

    /** The whole body, refused when it is longer than {@code limit} bytes. */
    byte[] read(int limit) throws IOException {
        byte[] bytes = body.readNBytes(limit);
        if (bytes.length == limit && body.read() >= 0) {
            throw new RegistryException(
                    RegistryException.Kind.REFUSED,
                    request + ": the answer is longer than the limit of " + limit + " bytes");
        }
        return bytes;
    }

    @Override
    public void close() {
        body.close();
    }
}
