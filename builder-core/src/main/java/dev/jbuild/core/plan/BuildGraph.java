package dev.jbuild.core.plan;

import dev.jbuild.oci.ContainerConfig;
import dev.jbuild.oci.History;
import dev.jbuild.oci.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A whole build: the node whose filesystem is the result, and the config around it.
 *
 * @param notes what the user should be told of the plan
 */
public record BuildGraph(
        Node result,
        Platform platform,
        String author,
        ContainerConfig config,
        List<HistoryLine> history,
        List<String> notes) {
    public BuildGraph {
        history = List.copyOf(history);
        notes = List.copyOf(notes);
    }

    /** How this build's instructions are told in the history. */
    public List<String> createdBy() {
        List<String> lines = new ArrayList<>();
        for (HistoryLine line : history) {
            if (line instanceof HistoryLine.Made made) {
                lines.add(made.createdBy());
            }
        }
        return lines;
    }

    /** A history entry of the result. */
    public sealed interface HistoryLine {
        /** An entry of the base image, kept as it is. */
        record Inherited(History entry) implements HistoryLine {}

        /** An entry of this build; the node makes its layer, if it has one. */
        record Made(String createdBy, Optional<Node> layer) implements HistoryLine {}
    }
}
