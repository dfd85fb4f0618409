package dev.jbuild.registry;

import dev.jbuild.oci.ImageName;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/** One registry as one client sees it: sends requests with a login where one is due, and tries again where it may help. */
final class Endpoint {
    /** Docker Hub's API is not at the host that its image names have. */
    private static final String HUB_HOST = "registry-1.docker.io";

    private final String registry;
    private final Origin origin;
    private final HttpLimits limits;
    private final Timing timing;
    private final Redirects redirects;
    private final Authorizer authorizer;

    Endpoint(String registry, RegistryOptions options, Credentials credentials, Wire wire, Timing timing) {
        HostRules rules = new HostRules(options.insecure(), options.trusted());
        this.registry = registry;
        this.origin = origin(registry, rules);
        this.limits = options.limits();
        this.timing = timing;
        this.redirects = new Redirects(wire, rules);
        TokenServer server = new TokenServer(wire, redirects, origin);
        this.authorizer = new Authorizer(registry, origin, credentials, rules, server, timing);
    }

    private static Origin origin(String registry, HostRules rules) {
        URI tls = URI.create("https://" + (registry.equals(ImageName.DOCKER_HUB) ? HUB_HOST : registry));
        if (tls.getHost() == null) {
            throw new IllegalArgumentException("not a host that can be connected to: " + registry);
        }
        int plainPort = tls.getPort() >= 0 ? tls.getPort() : 80;
        Origin plain = new Origin("http", tls.getHost(), plainPort);
        return rules.allowsPlainHttp(plain.host(), plainPort) ? plain : Origin.of(tls);
    }

    /** The registry's name as image names have it. */
    String registry() {
        return registry;
    }

    URI uri(String path) {
        return origin.uri(path);
    }

    RetryBudget budget(HttpRequest request) {
        return new RetryBudget(request.toString(), limits, timing);
    }

    long uploadChunk() {
        return limits.uploadChunk();
    }

    /** The address that an answer's {@code Location} names, checked. */
    URI location(HttpAnswer answer) throws RegistryException {
        String location = answer.field("Location")
                .orElseThrow(() -> new RegistryException(
                        RegistryException.Kind.REFUSED, answer.request() + " was answered without a Location"));
        return redirects.resolve(origin, answer.request(), location);
    }

    /**
     * Sends a request once, or twice when the registry asks for a login. The answer may have any status.
     *
     * <p>A request that goes to another origin, such as an upload address, carries no login, and whatever that origin
     * answers it gets none.
     */
    HttpAnswer send(HttpRequest request, Scope scope) throws IOException {
        if (!Origin.of(request.uri()).equals(origin)) {
            return redirects.send(request, origin);
        }
        Optional<String> used = authorizer.authorization(scope);
        HttpAnswer answer = redirects.send(authorized(request, used), origin);
        if (answer.status() != 401 || !Origin.of(answer.uri()).equals(origin)) {
            return answer;
        }
        String better;
        try (answer) {
            better = authorizer.answer(Challenge.parse(answer.fields("WWW-Authenticate")), scope, used);
        }
        return redirects.send(authorized(request, Optional.of(better)), origin);
    }

    /** As {@link #send}, and any status but these is an exception. */
    HttpAnswer expect(HttpRequest request, Scope scope, int... statuses) throws IOException {
        HttpAnswer answer = send(request, scope);
        for (int status : statuses) {
            if (answer.status() == status) {
                return answer;
            }
        }
        try (answer) {
            throw withLogin(answer, ErrorAnswers.of(answer));
        }
    }

    /** Who was refused is half of what there is to know: a HEAD has no body that could say more. */
    private RegistryException withLogin(HttpAnswer answer, RegistryException failure) {
        boolean own = Origin.of(answer.uri()).equals(origin);
        return own && failure.kind() == RegistryException.Kind.DENIED
                ? new RegistryException(failure, " (" + authorizer.who() + ")")
                : failure;
    }

    private static HttpRequest authorized(HttpRequest request, Optional<String> authorization) {
        return authorization.map(value -> request.with("Authorization", value)).orElse(request);
    }
}
