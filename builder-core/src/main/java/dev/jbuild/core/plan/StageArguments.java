package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.ExpansionException;
import dev.jbuild.dockerfile.Instruction.Arg;
import dev.jbuild.dockerfile.Variables;
import dev.jbuild.dockerfile.WordExpander;
import java.util.Map;
import java.util.Optional;

/**
 * The values that ARGs of a stage take.
 *
 * @param given by the caller, in the place of defaults
 * @param globals what a bare ARG imports
 */
record StageArguments(WordExpander expander, Map<String, String> given, Scope globals) {
    /** Whether the default is what counts, and so is expanded. */
    boolean usesDefault(Arg.Definition definition) {
        return definition.defaultValue().isPresent()
                && !given.containsKey(definition.key().text());
    }

    /** Whether the value, if any, comes from before the first FROM. */
    boolean isImported(Arg.Definition definition) {
        String key = definition.key().text();
        return definition.defaultValue().isEmpty()
                && !given.containsKey(key)
                && globals.get(key).isPresent();
    }

    Optional<String> value(Arg.Definition definition, Variables variables) throws ExpansionException {
        String key = definition.key().text();
        if (usesDefault(definition)) {
            return Optional.of(expander.expand(definition.defaultValue().orElseThrow(), variables));
        }
        return Optional.ofNullable(given.get(key)).or(() -> globals.get(key));
    }
}
