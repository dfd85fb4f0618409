package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.Variables;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Variables that remember which names were asked for. */
final class Lookups implements Variables {
    private final Variables variables;
    private final Set<String> found = new LinkedHashSet<>();
    private final Set<String> missed = new LinkedHashSet<>();

    Lookups(Variables variables) {
        this.variables = variables;
    }

    @Override
    public Optional<String> get(String name) {
        Optional<String> value = variables.get(name);
        (value.isPresent() ? found : missed).add(name);
        return value;
    }

    Set<String> found() {
        return found;
    }

    Set<String> missed() {
        return missed;
    }
}
