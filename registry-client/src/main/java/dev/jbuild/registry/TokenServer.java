package dev.jbuild.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jbuild.oci.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/** Fetches tokens from the server that a registry names (the CNCF distribution project's token specification). */
final class TokenServer {
    /** A token and how long it holds. */
    record Token(String value, Duration life) {}

    private static final int MOST_BYTES = 256 * 1024;
    private static final Duration LONGEST_LIFE = Duration.ofDays(1);
    private static final Duration LIFE_WHEN_UNSAID = Duration.ofSeconds(60);

    private final Wire wire;
    private final Redirects redirects;
    private final Origin registry;

    TokenServer(Wire wire, Redirects redirects, Origin registry) {
        this.wire = wire;
        this.redirects = redirects;
        this.registry = registry;
    }

    /** @param realm already checked against the rules for hosts */
    Token fetch(URI realm, Optional<String> service, Scope scope, Optional<Login> login) throws IOException {
        try (HttpAnswer answer = ask(realm, service, scope, login)) {
            if (!answer.isSuccess()) {
                throw ErrorAnswers.of(answer);
            }
            return token(answer);
        }
    }

    private HttpAnswer ask(URI realm, Optional<String> service, Scope scope, Optional<Login> login) throws IOException {
        StringBuilder query = new StringBuilder();
        service.ifPresent(name -> append(query, "service", name));
        if (login.orElse(null) instanceof Login.IdentityToken(String refreshToken)) {
            append(query, "grant_type", "refresh_token");
            append(query, "client_id", "jbuild");
            append(query, "scope", String.join(" ", scope.parts()));
            append(query, "refresh_token", refreshToken);
            // Not redirected: the body is a secret.
            return wire.send(HttpRequest.postForm(realm, query.toString()));
        }
        scope.parts().forEach(part -> append(query, "scope", part));
        if (login.orElse(null) instanceof Login.Password password) {
            append(query, "account", password.user());
            return redirects.send(get(realm, query).with("Authorization", basic(password)), registry);
        }
        return redirects.send(get(realm, query), registry);
    }

    private static HttpRequest get(URI realm, StringBuilder query) {
        String separator = realm.getRawQuery() == null ? "?" : "&";
        String fragment = realm.getRawFragment() == null ? "" : "#" + realm.getRawFragment();
        String bare = realm.toString().substring(0, realm.toString().length() - fragment.length());
        return HttpRequest.get(URI.create(bare + separator + query));
    }

    private static void append(StringBuilder query, String name, String value) {
        query.append(query.isEmpty() ? "" : "&").append(name).append('=');
        query.append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }

    /** RFC 7617, in UTF-8 as all registries take it. */
    static String basic(Login.Password password) {
        byte[] pair = (password.user() + ":" + password.secret()).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    private static Token token(HttpAnswer answer) throws IOException {
        String what = "the answer to " + answer.request();
        return StrictJson.read(answer.read(MOST_BYTES), MOST_BYTES, what, body -> token(body, what));
    }

    private static Token token(JsonNode body, String what) throws IOException {
        String token = Json.text(body, "token");
        String value = token.isEmpty() ? Json.text(body, "access_token") : token;
        if (value.isEmpty() || !isFieldValue(value)) {
            throw new RegistryException(RegistryException.Kind.REFUSED, what + " has no usable token");
        }
        long seconds = body.path("expires_in").asLong(0);
        Duration life =
                seconds > 0 ? Duration.ofSeconds(Math.min(seconds, LONGEST_LIFE.toSeconds())) : LIFE_WHEN_UNSAID;
        return new Token(value, life);
    }

    /** Visible ASCII only: the token goes into a header field. */
    static boolean isFieldValue(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }
}
