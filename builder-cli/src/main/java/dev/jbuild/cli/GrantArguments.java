package dev.jbuild.cli;

import dev.jbuild.core.api.Entitlement;
import dev.jbuild.core.api.FileFailure;
import dev.jbuild.core.api.Grants;
import dev.jbuild.core.api.Secret;
import dev.jbuild.core.api.SshAgent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What {@code --secret}, {@code --ssh} and {@code --allow} give to the steps, in Docker's spellings. */
final class GrantArguments {
    private final Arguments arguments;
    private final Surroundings surroundings;

    GrantArguments(Arguments arguments, Surroundings surroundings) {
        this.arguments = arguments;
        this.surroundings = surroundings;
    }

    /** Reads the files and variables that are named, so that a missing one is told before anything is built. */
    Grants grants() throws UsageException {
        Map<String, Secret> secrets = new LinkedHashMap<>();
        for (String text : arguments.all("--secret")) {
            Secret secret = secret(text);
            secrets.put(secret.id(), secret);
        }
        Map<String, SshAgent> agents = new LinkedHashMap<>();
        for (String text : arguments.all("--ssh")) {
            SshAgent agent = agent(text);
            agents.put(agent.id(), agent);
        }
        return new Grants(allowed(), List.copyOf(secrets.values()), List.copyOf(agents.values()));
    }

    private Set<Entitlement> allowed() throws UsageException {
        Set<Entitlement> allowed = EnumSet.noneOf(Entitlement.class);
        for (String list : arguments.all("--allow")) {
            for (String text : list.split(",", -1)) {
                allowed.add(Entitlement.of(text)
                        .orElseThrow(() -> new UsageException("--allow " + text + " is not one of "
                                + String.join(", ", known()) + ", which a step can be allowed"
                                + Nearest.hint(text, known()))));
            }
        }
        return allowed;
    }

    private static List<String> known() {
        return Arrays.stream(Entitlement.values()).map(Entitlement::text).toList();
    }

    /** {@code id=NAME[,src=FILE|,env=VARIABLE][,type=file|env]}; without either, the id names a variable, else a file. */
    private Secret secret(String text) throws UsageException {
        Map<String, String> fields = CommaSeparated.fields("--secret", text);
        String id = "";
        Optional<String> file = Optional.empty();
        Optional<String> variable = Optional.empty();
        String type = "";
        for (Map.Entry<String, String> field : fields.entrySet()) {
            switch (field.getKey()) {
                case "id" -> id = field.getValue();
                case "src", "source" -> file = Optional.of(field.getValue());
                case "env" -> variable = Optional.of(field.getValue());
                case "type" -> type = type(field.getValue());
                default ->
                    throw new UsageException("--secret " + shown(text) + ": \"" + field.getKey()
                            + "\" is not one of id, src, env and type"
                            + Nearest.hint(field.getKey(), List.of("id", "src", "env", "type")));
            }
        }
        if (id.isEmpty()) {
            throw new UsageException("--secret " + shown(text) + " needs an id: id=NAME");
        }
        if (type.equals("env") && variable.isEmpty()) {
            return ofVariable(id, file.orElse(id));
        }
        if (variable.isPresent()) {
            return ofVariable(id, variable.get());
        }
        boolean named = file.isPresent() || type.equals("file");
        return named || !surroundings.environment().containsKey(id) ? ofFile(id, file.orElse(id)) : ofVariable(id, id);
    }

    private static String type(String type) throws UsageException {
        if (!type.equals("file") && !type.equals("env")) {
            throw new UsageException("--secret: the type \"" + type + "\" is not one of file and env");
        }
        return type;
    }

    /** What was typed but values of unknown fields, of which one may be the secret itself. */
    private static String shown(String text) {
        return text.replaceAll("=[^,]*", "=...");
    }

    private Secret ofVariable(String id, String name) throws UsageException {
        String value = surroundings.environment().get(name);
        if (value == null) {
            throw new UsageException("--secret id=" + id + ": the environment variable " + name + " is not set");
        }
        return made(id, value.getBytes(StandardCharsets.UTF_8));
    }

    private Secret ofFile(String id, String name) throws UsageException {
        Path file = surroundings.directory().resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new UsageException("--secret id=" + id + ": there is no file " + file);
        }
        try (InputStream in = Files.newInputStream(file)) {
            return made(id, in.readNBytes(Secret.MAX_BYTES + 1));
        } catch (IOException e) {
            throw new UsageException("--secret id=" + id + ": cannot read " + file + ": " + FileFailure.reason(e), e);
        }
    }

    private static Secret made(String id, byte[] value) throws UsageException {
        try {
            return new Secret(id, value);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--secret: " + e.getMessage(), e);
        }
    }

    /** {@code ID}, for the agent that SSH_AUTH_SOCK names, or {@code ID=SOCKET} or {@code ID=KEY[,KEY]}. */
    private SshAgent agent(String text) throws UsageException {
        int equals = text.indexOf('=');
        String id = equals < 0 ? text : text.substring(0, equals);
        if (id.isEmpty()) {
            throw new UsageException("--ssh " + text + " needs an id: default, or ID=SOCKET");
        }
        String paths = equals < 0 ? "" : text.substring(equals + 1);
        if (paths.isEmpty()) {
            paths = surroundings
                    .variable("SSH_AUTH_SOCK")
                    .orElseThrow(() -> new UsageException(
                            "--ssh " + text + ": SSH_AUTH_SOCK is not set; start ssh-agent or give " + id + "=SOCKET"));
        }
        List<Path> named = Arrays.stream(paths.split(",", -1))
                .map(surroundings.directory()::resolve)
                .toList();
        for (Path path : named) {
            if (!Files.exists(path)) {
                throw new UsageException("--ssh " + text + ": there is no " + path);
            }
        }
        return new SshAgent(id, named);
    }
}
