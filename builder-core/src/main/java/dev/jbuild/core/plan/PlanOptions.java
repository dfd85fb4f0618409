package dev.jbuild.core.plan;

import dev.jbuild.core.api.Entitlement;
import dev.jbuild.core.api.NamedContext;
import dev.jbuild.dockerfile.Stage;
import dev.jbuild.oci.Platform;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the caller says of a build beside the Dockerfile.
 *
 * @param buildArgs values for ARG
 * @param target name or index of the stage to build; empty is the last
 * @param contexts what stands in for stages and images, by name
 * @param labels added to the config after the Dockerfile's own
 * @param targetPlatform what the image is for
 * @param isOneOfSeveral whether the same Dockerfile is built for other platforms, too: titles then tell which this is
 * @param buildPlatform what this machine is
 * @param noCache whether every step runs anew
 * @param noCacheStages stages, by name or number, of which every step runs anew
 * @param network of RUN steps that do not say
 * @param allowed what RUN steps may ask for of this machine
 */
public record PlanOptions(
        Map<String, String> buildArgs,
        Optional<String> target,
        Map<String, NamedContext> contexts,
        Map<String, String> labels,
        Platform targetPlatform,
        boolean isOneOfSeveral,
        Platform buildPlatform,
        boolean noCache,
        Set<String> noCacheStages,
        String network,
        Set<Entitlement> allowed) {
    public PlanOptions {
        buildArgs = Collections.unmodifiableMap(new LinkedHashMap<>(buildArgs));
        contexts = Collections.unmodifiableMap(new LinkedHashMap<>(contexts));
        allowed = Set.copyOf(allowed);
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        noCacheStages = Set.copyOf(noCacheStages);
    }

    /** Whether the steps of a stage run although results are cached. */
    boolean runsAnew(Stage stage) {
        return noCache
                || noCacheStages.stream()
                        .anyMatch(wanted -> wanted.equals(Integer.toString(stage.index()))
                                || stage.name().filter(wanted::equalsIgnoreCase).isPresent());
    }
}
