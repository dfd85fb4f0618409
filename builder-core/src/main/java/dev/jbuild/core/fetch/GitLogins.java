package dev.jbuild.core.fetch;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.api.Grants;
import dev.jbuild.core.api.Secret;
import dev.jbuild.core.plan.GitReference;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Who the caller is to git servers: the login in an address, else the secrets that BuildKit gives this meaning. {@code
 * GIT_AUTH_HEADER} is the value of the header, {@code GIT_AUTH_TOKEN} a token; with {@code .HOST} behind it a secret is for that
 * host alone, and comes before the others.
 *
 * @param grants with the secrets of the build
 */
public record GitLogins(Grants grants) {
    private static final String HEADER = "GIT_AUTH_HEADER";
    private static final String TOKEN = "GIT_AUTH_TOKEN";

    /** The user name that GitHub, and others after it, want with a token. */
    private static final String TOKEN_USER = "x-access-token:";

    /** Where a token counts for all repositories of a host, as for BuildKit: their submodules are theirs as well. */
    private static final List<String> WHOLE_HOSTS = List.of("https://github.com/", "https://www.github.com/");

    Optional<GitLogin> of(GitReference reference) throws BuildException {
        if (!reference.login().isEmpty()) {
            return Optional.of(new GitLogin(reference.address(), basic(reference.login()), reference.login()));
        }
        if (reference.host().isEmpty()) {
            return Optional.empty();
        }
        for (String behind : List.of("." + reference.host(), "")) {
            Optional<Secret> header = grants.secret(HEADER + behind);
            if (header.isPresent()) {
                String value = text(header.get());
                return Optional.of(new GitLogin(scope(reference.address()), value, value));
            }
            Optional<Secret> token = grants.secret(TOKEN + behind);
            if (token.isPresent()) {
                String value = text(token.get());
                return Optional.of(new GitLogin(scope(reference.address()), basic(TOKEN_USER + value), value));
            }
        }
        return Optional.empty();
    }

    private static String scope(String address) {
        return WHOLE_HOSTS.stream().filter(address::startsWith).findFirst().orElse(address);
    }

    private static String basic(String login) {
        return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }

    /** A file's last line break is no part of a token; any other would begin a header of its own. */
    private static String text(Secret secret) throws BuildException {
        String text = new String(secret.value(), StandardCharsets.UTF_8).strip();
        if (text.isEmpty() || text.chars().anyMatch(Character::isISOControl)) {
            throw new BuildException(
                    Kind.USAGE,
                    "the secret " + secret.id() + " logs in to no git server: it is "
                            + (text.isEmpty() ? "empty" : "more than one line or has control characters"));
        }
        return text;
    }
}
