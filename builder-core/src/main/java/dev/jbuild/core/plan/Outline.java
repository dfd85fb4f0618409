package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.SourceRange;
import java.util.List;

/**
 * What a target can be given, each list in the order of the file.
 *
 * @param dockerfile the file that it is of
 * @param name of the target; empty where it has none
 * @param description from the comment above its FROM
 */
public record Outline(
        Dockerfile dockerfile,
        String name,
        String description,
        List<Argument> arguments,
        List<Need> secrets,
        List<Need> agents,
        List<Cache> caches) {
    public Outline {
        arguments = List.copyOf(arguments);
        secrets = List.copyOf(secrets);
        agents = List.copyOf(agents);
        caches = List.copyOf(caches);
    }

    /** A build argument, with the value that it has in this build. */
    public record Argument(String name, String description, String value, SourceRange range) {}

    /** A secret or an SSH agent that some RUN mounts. */
    public record Need(String name, boolean required, SourceRange range) {}

    /** A cache that some RUN mounts. */
    public record Cache(String id, SourceRange range) {}
}
