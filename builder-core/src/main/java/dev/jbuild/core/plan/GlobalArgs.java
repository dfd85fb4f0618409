package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.DockerfileException;
import dev.jbuild.dockerfile.ExpansionException;
import dev.jbuild.dockerfile.Instruction;
import dev.jbuild.dockerfile.ParseLimits;
import dev.jbuild.dockerfile.WordExpander;
import java.util.Map;
import java.util.Optional;

/** The variables that FROM lines see: the platforms, and the ARGs before the first FROM. */
final class GlobalArgs {
    private GlobalArgs() {}

    /**
     * @param given values that stand in for defaults; a default that is not used is not expanded either
     * @param targetStage the name of the stage that is built, where it has one
     */
    static Scope of(Dockerfile dockerfile, PlanOptions options, Map<String, String> given, Optional<String> targetStage)
            throws DockerfileException {
        Scope scope = new Scope(new WordExpander(dockerfile.directives().escape(), ParseLimits.DEFAULT));
        PlatformArgs.of(options, targetStage).forEach(scope::set);
        for (Instruction.Arg arg : dockerfile.globalArgs()) {
            for (Instruction.Arg.Definition definition : arg.definitions()) {
                define(dockerfile, scope, given, arg, definition);
            }
        }
        return scope;
    }

    private static void define(
            Dockerfile dockerfile,
            Scope scope,
            Map<String, String> given,
            Instruction.Arg arg,
            Instruction.Arg.Definition definition)
            throws DockerfileException {
        try {
            String key = definition.key().text();
            String value = given.get(key);
            if (value != null) {
                scope.set(key, value);
            } else if (definition.defaultValue().isPresent()) {
                scope.set(key, scope.expand(definition.defaultValue().get()));
            }
        } catch (ExpansionException e) {
            throw new DockerfileException(dockerfile.name(), arg.range(), e);
        }
    }
}
