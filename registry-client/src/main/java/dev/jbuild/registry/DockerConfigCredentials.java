package dev.jbuild.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Logins as {@code docker login} left them in {@code config.json}: a helper for the registry ({@code credHelpers}), else
 * the helper for all ({@code credsStore}), else the file itself ({@code auths}).
 */
public final class DockerConfigCredentials implements Credentials {
    private static final int MOST_BYTES = 4 * 1024 * 1024;

    /** Docker Hub's logins lie under the address of its first API. */
    private static final String HUB_KEY = "https://index.docker.io/v1/";

    private static final List<String> HUB_HOSTS = List.of("index.docker.io", "docker.io", "registry-1.docker.io");

    /** The user name by which helpers say that the secret is an identity token. */
    private static final String TOKEN_USER = "<token>";

    private final Path configJson;
    private final CredentialHelper helper;

    /** @param configJson need not exist: then nobody is known */
    public DockerConfigCredentials(Path configJson, CredentialHelper helper) {
        this.configJson = configJson;
        this.helper = helper;
    }

    @Override
    public Optional<Login> find(String registry) throws IOException {
        Optional<JsonNode> config = config();
        return config.isEmpty() ? Optional.empty() : find(config.get(), registry);
    }

    private Optional<JsonNode> config() throws IOException {
        try (InputStream in = Files.newInputStream(configJson)) {
            return Optional.of(Json.parseObject(in.readNBytes(MOST_BYTES + 1), MOST_BYTES, configJson.toString()));
        } catch (NoSuchFileException e) {
            // Most machines have none: public images need no login.
            return Optional.empty();
        }
    }

    private Optional<Login> find(JsonNode config, String registry) throws IOException {
        JsonNode helpers = config.path("credHelpers");
        for (String host : hosts(registry)) {
            if (helpers.has(host)) {
                return ask(Json.text(helpers, host), List.of(host));
            }
        }
        String store = Json.text(config, "credsStore");
        if (!store.isEmpty()) {
            Optional<Login> stored = ask(store, servers(registry));
            if (stored.isPresent()) {
                return stored;
            }
        }
        return inFile(config.path("auths"), registry);
    }

    /** The names that a registry may be listed under, the most usual first. */
    private static List<String> hosts(String registry) {
        return registry.equals(ImageName.DOCKER_HUB) ? HUB_HOSTS : List.of(registry);
    }

    private static List<String> servers(String registry) {
        return registry.equals(ImageName.DOCKER_HUB) ? List.of(HUB_KEY) : List.of(registry, "https://" + registry);
    }

    private Optional<Login> ask(String name, List<String> servers) throws IOException {
        for (String server : servers) {
            Optional<Login> login = ask(name, server);
            if (login.isPresent()) {
                return login;
            }
        }
        return Optional.empty();
    }

    private Optional<Login> ask(String name, String server) throws IOException {
        CredentialHelper.Reply reply = helper.get(name, server);
        if (reply.exitCode() == 0) {
            String what = "the answer of docker-credential-" + name;
            JsonNode answer = Json.parseObject(reply.output().getBytes(StandardCharsets.UTF_8), MOST_BYTES, what);
            return login(Json.text(answer, "Username"), Json.text(answer, "Secret"));
        }
        // The protocol has no code for "not known": all helpers print this sentence.
        if (reply.output().strip().startsWith("credentials not found")) {
            return Optional.empty();
        }
        throw new IOException("docker-credential-" + name + " failed for " + server + ": exit code " + reply.exitCode()
                + ", " + Redacted.text(reply.output().strip()));
    }

    private Optional<Login> inFile(JsonNode auths, String registry) throws IOException {
        for (Map.Entry<String, JsonNode> entry : auths.properties()) {
            if (hosts(registry).contains(host(entry.getKey()))) {
                Optional<Login> login = login(entry.getValue(), registry);
                if (login.isPresent()) {
                    return login;
                }
            }
        }
        return Optional.empty();
    }

    /** The host of a key, which may be a URL: {@code https://registry.example/v1/}. */
    private static String host(String key) {
        String rest =
                key.startsWith("https://") ? key.substring(8) : key.startsWith("http://") ? key.substring(7) : key;
        int slash = rest.indexOf('/');
        return slash < 0 ? rest : rest.substring(0, slash);
    }

    private Optional<Login> login(JsonNode entry, String registry) throws IOException {
        String identityToken = Json.text(entry, "identitytoken");
        if (!identityToken.isEmpty()) {
            return Optional.of(new Login.IdentityToken(identityToken));
        }
        String registryToken = Json.text(entry, "registrytoken");
        if (!registryToken.isEmpty()) {
            return Optional.of(new Login.RegistryToken(registryToken));
        }
        String auth = Json.text(entry, "auth");
        return auth.isEmpty()
                ? login(Json.text(entry, "username"), Json.text(entry, "password"))
                : Optional.of(decoded(auth, registry));
    }

    private Login decoded(String auth, String registry) throws IOException {
        try {
            // Docker pads old entries with NUL bytes.
            String pair = new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8).replace("\0", "");
            int colon = pair.indexOf(':');
            if (colon > 0) {
                return new Login.Password(pair.substring(0, colon), pair.substring(colon + 1));
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(configJson + ": the auth of " + registry + " is not base64", e);
        }
        throw new IOException(configJson + ": the auth of " + registry + " is not user:password");
    }

    private static Optional<Login> login(String user, String secret) throws IOException {
        if (user.isEmpty() || secret.isEmpty()) {
            return Optional.empty();
        }
        if (user.indexOf(':') >= 0) {
            throw new IOException("a user name with a colon cannot be sent: " + Redacted.text(user));
        }
        return Optional.of(
                user.equals(TOKEN_USER) ? new Login.IdentityToken(secret) : new Login.Password(user, secret));
    }
}
