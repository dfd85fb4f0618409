package dev.jbuild.registry;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** The tokens of one registry by scope. Threads that need the same one wait for the first to fetch it. */
final class TokenCache {
    /** Asks the token server. */
    @FunctionalInterface
    interface Fetcher {
        TokenServer.Token fetch(Scope scope) throws IOException;
    }

    private record Held(String authorization, long goodUntil) {}

    private final URI realm;
    private final Optional<String> service;
    private final Fetcher fetcher;
    private final ReauthLimit limit;
    private final Timing timing;
    private final Map<Scope, Held> tokens = new ConcurrentHashMap<>();
    private final Map<Scope, Lock> locks = new ConcurrentHashMap<>();

    TokenCache(URI realm, Optional<String> service, Fetcher fetcher, ReauthLimit limit, Timing timing) {
        this.realm = realm;
        this.service = service;
        this.fetcher = fetcher;
        this.limit = limit;
        this.timing = timing;
    }

    boolean isFor(URI otherRealm, Optional<String> otherService) {
        return realm.equals(otherRealm) && service.equals(otherService);
    }

    /** The {@code Authorization} field for a scope. */
    String token(Scope scope) throws IOException {
        Optional<String> held = held(scope);
        return held.isPresent() ? held.get() : fetchOnce(scope, Optional.empty());
    }

    /** A token in the place of one that the registry refused, or of none. */
    String replacement(Scope scope, Optional<String> refused) throws IOException {
        return fetchOnce(scope, refused);
    }

    private String fetchOnce(Scope scope, Optional<String> refused) throws IOException {
        Lock lock = locks.computeIfAbsent(scope, s -> new ReentrantLock());
        lock.lock();
        try {
            Optional<String> held = held(scope);
            if (held.isPresent() && !held.equals(refused)) {
                return held.get();
            }
            if (refused.isPresent()) {
                limit.count();
                tokens.values().removeIf(token -> token.authorization().equals(refused.get()));
            }
            return hold(scope, fetcher.fetch(scope));
        } finally {
            lock.unlock();
        }
    }

    private String hold(Scope scope, TokenServer.Token token) {
        // A token must outlive the request that carries it, at least its head.
        long life = token.life().toNanos() / 10 * 8;
        Held held = new Held("Bearer " + token.value(), timing.nanos() + life);
        tokens.put(scope, held);
        return held.authorization();
    }

    private Optional<String> held(Scope scope) {
        long now = timing.nanos();
        return tokens.entrySet().stream()
                .filter(entry -> entry.getKey().covers(scope))
                .map(Map.Entry::getValue)
                .filter(token -> token.goodUntil() - now > 0)
                .map(Held::authorization)
                .findFirst();
    }
}
