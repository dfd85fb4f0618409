package dev.jbuild.registry;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Logs in to one registry: knows what the registry asked for, and gives the {@code Authorization} for each scope. It is
 * only ever told challenges that came from the registry's own origin (CVE-2020-15157).
 */
final class Authorizer {
    /**
     * What the registry wants to see. An interface and no switch over types: the first such switch of a JVM takes 20 ms,
     * which the AOT cache does not spare, and every build comes by here.
     */
    private interface Mode {
        Optional<String> authorization(Scope scope) throws IOException;
    }

    /** Nothing so far. */
    private record Open() implements Mode {
        @Override
        public Optional<String> authorization(Scope scope) {
            return Optional.empty();
        }
    }

    /** The same field for every request. */
    private record Fixed(String field) implements Mode {
        @Override
        public Optional<String> authorization(Scope scope) {
            return Optional.of(field);
        }
    }

    /** A token of a token server. */
    private record Tokens(TokenCache cache) implements Mode {
        @Override
        public Optional<String> authorization(Scope scope) throws IOException {
            return Optional.of(cache.token(scope));
        }
    }

    private final String registry;
    private final Origin origin;
    private final Credentials credentials;
    private final HostRules rules;
    private final TokenServer server;
    private final Timing timing;
    private final ReauthLimit limit;
    private volatile Mode mode = new Open();
    private boolean loginKnown;
    private Optional<Login> login = Optional.empty();

    Authorizer(
            String registry,
            Origin origin,
            Credentials credentials,
            HostRules rules,
            TokenServer server,
            Timing timing) {
        this.registry = registry;
        this.origin = origin;
        this.credentials = credentials;
        this.rules = rules;
        this.server = server;
        this.timing = timing;
        this.limit = new ReauthLimit(registry, timing);
    }

    /** What a request of this scope should carry, as far as is known without asking the registry. */
    Optional<String> authorization(Scope scope) throws IOException {
        return mode.authorization(scope);
    }

    /**
     * Answers a 401 of the registry.
     *
     * @param used what the refused request carried
     * @return what the request should carry instead
     * @throws RegistryException when there is nothing better to offer
     */
    String answer(List<Challenge> challenges, Scope scope, Optional<String> used) throws IOException {
        Optional<Challenge> bearer = find(challenges, "bearer");
        if (login().orElse(null) instanceof Login.RegistryToken(String token)) {
            return fixed("Bearer " + token, used);
        }
        if (bearer.isPresent()) {
            return tokens(bearer.get()).replacement(scope, used);
        }
        if (find(challenges, "basic").isEmpty()) {
            throw denied("asks for a login in no way that is known here");
        }
        if (login().orElse(null) instanceof Login.Password password) {
            return fixed(TokenServer.basic(password), used);
        }
        throw denied(
                login().isPresent() ? "takes only a user name and a password" : "asks for a login, and none is known");
    }

    private String fixed(String authorization, Optional<String> used) throws IOException {
        if (used.filter(authorization::equals).isPresent()) {
            throw denied("does not accept the " + login().orElseThrow());
        }
        mode = new Fixed(authorization);
        return authorization;
    }

    private synchronized TokenCache tokens(Challenge bearer) throws IOException {
        URI realm = realm(bearer);
        Optional<String> service = bearer.parameter("service");
        if (mode instanceof Tokens(TokenCache cache) && cache.isFor(realm, service)) {
            return cache;
        }
        rules.checkRealm(origin, realm, login().isPresent());
        TokenCache cache =
                new TokenCache(realm, service, scope -> server.fetch(realm, service, scope, login()), limit, timing);
        mode = new Tokens(cache);
        return cache;
    }

    private URI realm(Challenge bearer) throws RegistryException {
        String realm = bearer.parameter("realm").orElse("");
        try {
            return URI.create(realm);
        } catch (IllegalArgumentException e) {
            throw denied("names an invalid token server: " + Redacted.text(realm));
        }
    }

    /** Asked late and once: a credential helper may take a second. */
    private synchronized Optional<Login> login() throws IOException {
        if (!loginKnown) {
            login = find();
            loginKnown = true;
        }
        return login;
    }

    /** Whose requests these are, for messages; nobody is asked for a login only to tell. */
    synchronized String who() {
        return loginKnown
                ? login.map(known -> "with the " + known + " for " + registry)
                        .orElse("no login is known for " + registry)
                : "without a login, which " + registry + " did not ask for";
    }

    private Optional<Login> find() throws RegistryException {
        try {
            return credentials.find(registry);
        } catch (IOException e) {
            throw new RegistryException(
                    RegistryException.Kind.DENIED,
                    "the credentials for the registry " + registry + " cannot be had: " + e.getMessage(),
                    e);
        }
    }

    private RegistryException denied(String why) {
        return new RegistryException(RegistryException.Kind.DENIED, "the registry " + registry + " " + why);
    }

    private static Optional<Challenge> find(List<Challenge> challenges, String scheme) {
        return challenges.stream()
                .filter(challenge -> challenge.scheme().equals(scheme))
                .findFirst();
    }
}
