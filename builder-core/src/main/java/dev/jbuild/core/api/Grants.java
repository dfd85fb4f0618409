package dev.jbuild.core.api;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the steps of a build may use of the caller's own.
 *
 * @param secrets by their ids, each once
 * @param agents SSH agents by their ids, each once
 */
public record Grants(Set<Entitlement> allowed, List<Secret> secrets, List<SshAgent> agents) {
    /** Nothing. */
    public static final Grants NONE = new Grants(Set.of(), List.of(), List.of());

    public Grants {
        allowed = Set.copyOf(allowed);
        secrets = List.copyOf(secrets);
        agents = List.copyOf(agents);
    }

    public Optional<Secret> secret(String id) {
        return secrets.stream().filter(secret -> secret.id().equals(id)).findFirst();
    }

    public Optional<SshAgent> agent(String id) {
        return agents.stream().filter(agent -> agent.id().equals(id)).findFirst();
    }
}
