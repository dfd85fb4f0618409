package dev.jbuild.runtime.launch;

import java.util.List;
import java.util.Optional;

/**
 * What the launcher told when the step was over.
 *
 * @param exitCode the command's own, or 128 + signal; 126 and 127 when it could not be executed
 * @param notStarted why it could not be executed
 * @param notes what the box lacks
 * @param noNetwork why the network program failed; the command was not started then, and exitCode means nothing
 */
public record Report(int exitCode, Optional<String> notStarted, List<String> notes, Optional<String> noNetwork) {
    public Report {
        notes = List.copyOf(notes);
    }
}
