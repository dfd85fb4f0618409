package dev.jbuild.registry;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** One request, ready to be sent any number of times. */
record HttpRequest(String method, URI uri, Map<String, String> fields, Body body) {
    /** What is sent after the head; opened anew for each attempt. */
    interface Body {
        /** No body, and no {@code Content-Length}. */
        Body NONE = new Body() {
            @Override
            public long length() {
                return -1;
            }

            @Override
            public InputStream open() {
                return InputStream.nullInputStream();
            }
        };

        /** The exact count of bytes. */
        long length();

        InputStream open() throws IOException;

        static Body of(byte[] bytes) {
            return new Body() {
                @Override
                public long length() {
                    return bytes.length;
                }

                @Override
                public InputStream open() {
                    return new ByteArrayInputStream(bytes);
                }
            };
        }
    }

    HttpRequest {
        fields = new LinkedHashMap<>(fields);
    }

    static HttpRequest get(URI uri) {
        return new HttpRequest("GET", uri, Map.of(), Body.NONE);
    }

    static HttpRequest head(URI uri) {
        return new HttpRequest("HEAD", uri, Map.of(), Body.NONE);
    }

    /** Asks for an upload session or a mount: the body is empty, but must be said to be. */
    static HttpRequest post(URI uri) {
        return new HttpRequest("POST", uri, Map.of(), Body.of(new byte[0]));
    }

    static HttpRequest postForm(URI uri, String form) {
        return new HttpRequest(
                "POST",
                uri,
                Map.of("Content-Type", "application/x-www-form-urlencoded"),
                Body.of(form.getBytes(StandardCharsets.UTF_8)));
    }

    static HttpRequest put(URI uri, Body body) {
        return new HttpRequest("PUT", uri, Map.of(), body);
    }

    static HttpRequest patch(URI uri, Body body) {
        return new HttpRequest("PATCH", uri, Map.of(), body);
    }

    static HttpRequest delete(URI uri) {
        return new HttpRequest("DELETE", uri, Map.of(), Body.NONE);
    }

    HttpRequest with(String field, String value) {
        Map<String, String> more = new LinkedHashMap<>(fields);
        more.put(field, value);
        return new HttpRequest(method, uri, more, body);
    }

    /** The same request elsewhere. Another origin gets neither the login nor cookies. */
    HttpRequest redirectedTo(URI target) {
        Map<String, String> kept = new LinkedHashMap<>(fields);
        if (!Origin.of(target).equals(Origin.of(uri))) {
            kept.remove("Authorization");
            kept.remove("Cookie");
        }
        return new HttpRequest(method, target, kept, body);
    }

    boolean hasBody() {
        return body.length() >= 0;
    }

    /** The request as messages name it. */
    @Override
    public String toString() {
        return method + " " + Redacted.url(uri);
    }
}
