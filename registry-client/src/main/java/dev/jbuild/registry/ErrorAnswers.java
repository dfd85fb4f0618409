package dev.jbuild.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jbuild.oci.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.OptionalLong;

/** Turns an answer that says no into the exception that says why (OCI distribution-spec "Error Codes"). */
final class ErrorAnswers {
    private static final int MOST_BYTES = 64 * 1024;

    private ErrorAnswers() {}

    /** Reads the answer's body; closing the answer stays with the caller. */
    static RegistryException of(HttpAnswer answer) {
        Reason reason = reason(answer);
        return new RegistryException(
                kind(answer.status()),
                answer.status(),
                reason.code(),
                retryAfter(answer),
                answer.request() + ": the server answers " + answer.status() + reason);
    }

    private record Reason(String code, String message) {
        @Override
        public String toString() {
            return (code.isEmpty() ? "" : " " + code) + (message.isEmpty() ? "" : ": " + message);
        }
    }

    private static RegistryException.Kind kind(int status) {
        return switch (status) {
            case 401, 403, 407 -> RegistryException.Kind.DENIED;
            case 404 -> RegistryException.Kind.NOT_FOUND;
            case 408, 429, 500, 502, 503, 504 -> RegistryException.Kind.UNAVAILABLE;
            default -> RegistryException.Kind.REJECTED;
        };
    }

    private static Reason reason(HttpAnswer answer) {
        try {
            return reason(Json.parse(answer.read(MOST_BYTES), MOST_BYTES, "error"));
        } catch (IOException e) {
            // The reason is a courtesy: pages of proxies, endless and broken bodies leave only the status to tell.
            return new Reason("", "");
        }
    }

    /** Registries say {@code errors: [{code, message}]}, token servers {@code details} or OAuth2's {@code error}. */
    private static Reason reason(JsonNode body) {
        JsonNode first = body.path("errors").path(0);
        if (first.isObject()) {
            return new Reason(text(first.path("code")), text(first.path("message")));
        }
        JsonNode oauth = body.path("error_description");
        return new Reason(text(body.path("error")), text(oauth.isTextual() ? oauth : body.path("details")));
    }

    private static String text(JsonNode node) {
        return node.isTextual() ? Redacted.text(node.textValue()) : "";
    }

    /** Seconds, or a date (RFC 9110 section 10.2.3), which is read beside the server's own clock. */
    private static Duration retryAfter(HttpAnswer answer) {
        String value = answer.field("Retry-After").orElse("");
        OptionalLong seconds = Numbers.parse(value);
        if (seconds.isPresent()) {
            return Duration.ofSeconds(Math.min(seconds.getAsLong(), Integer.MAX_VALUE));
        }
        if (value.isEmpty()) {
            return Duration.ZERO;
        }
        try {
            Duration wait = Duration.between(date(answer.field("Date").orElse("")), date(value));
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeParseException e) {
            // Not a wish that can be honoured; the usual pause follows.
            return Duration.ZERO;
        }
    }

    private static Instant date(String text) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
    }
}
