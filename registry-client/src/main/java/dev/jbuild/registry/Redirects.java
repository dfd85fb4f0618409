package dev.jbuild.registry;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/**
 * Follows redirects, at most five: the address is checked, and a login never leaves its origin. The HTTP library does
 * not do this for us because libraries have put the login back on (go-containerregistry 2337).
 */
final class Redirects {
    private static final int MOST = 5;

    private final Wire wire;
    private final HostRules rules;

    Redirects(Wire wire, HostRules rules) {
        this.wire = wire;
        this.rules = rules;
    }

    /** @param home the registry whose word the redirects are */
    HttpAnswer send(HttpRequest request, Origin home) throws IOException {
        HttpRequest current = request;
        for (int hops = 0; ; hops++) {
            HttpAnswer answer = wire.send(current);
            Optional<String> location = location(answer);
            if (location.isEmpty()) {
                return answer;
            }
            try (answer) {
                if (hops == MOST) {
                    throw new RegistryException(
                            RegistryException.Kind.REFUSED, request + " was redirected more than " + MOST + " times");
                }
                current = current.redirectedTo(resolve(home, current, location.get()));
            }
        }
    }

    /** The absolute address that an answer's {@code Location} means, checked. */
    URI resolve(Origin home, HttpRequest request, String location) throws RegistryException {
        URI target;
        try {
            int fragment = location.indexOf('#');
            target = request.uri().resolve(fragment < 0 ? location : location.substring(0, fragment));
        } catch (IllegalArgumentException e) {
            throw new RegistryException(
                    RegistryException.Kind.REFUSED,
                    request + " was answered with an invalid Location: " + Redacted.text(location),
                    e);
        }
        rules.checkRedirect(home, request.uri(), target);
        return target;
    }

    /** Only 307 and 308 keep the method; a changed request would no longer be the one that was asked for. */
    private static Optional<String> location(HttpAnswer answer) {
        String method = answer.request().method();
        boolean follow = switch (answer.status()) {
            case 307, 308 -> true;
            case 301, 302, 303 -> method.equals("GET") || method.equals("HEAD");
            default -> false;
        };
        return follow ? answer.field("Location") : Optional.empty();
    }
}
