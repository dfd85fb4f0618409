package dev.jbuild.core.plan;

import dev.jbuild.core.plan.BuildGraph.HistoryLine;
import dev.jbuild.oci.ContainerConfig;
import java.util.List;

/**
 * A planned stage: what stages on top of it start with.
 *
 * @param scope the variables at its end
 * @param buildArgs the ARGs defined so far, in order: RUN's history names them
 */
record StageResult(
        Node filesystem,
        String author,
        ContainerConfig config,
        List<HistoryLine> history,
        Scope scope,
        List<String> buildArgs) {
    StageResult {
        history = List.copyOf(history);
        buildArgs = List.copyOf(buildArgs);
    }
}
