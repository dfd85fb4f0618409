package dev.jbuild.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a step ended.
 *
 * @param exitCode the command's own, or 128 + N when signal N killed it; 127 and 126 also when it could not be started
 * @param startFailure why the command could not be started (one sentence), when it could not
 * @param notes what the box lacked on this machine, each one sentence (such as: the host's network was used); a
 *     builder shows each of them once
 * @param limits which limits the step met, each one sentence that names it; one of them may have ended it
 */
public record StepOutcome(
        int exitCode, Optional<String> startFailure, List<String> notes, List<String> limits, StepUsage usage) {
    public StepOutcome {
        notes = List.copyOf(notes);
        limits = List.copyOf(limits);
    }

    /** Of a step that met no limit and of which nothing was counted. */
    public StepOutcome(int exitCode, Optional<String> startFailure, List<String> notes) {
        this(exitCode, startFailure, notes, List.of(), StepUsage.NOTHING);
    }

    /** Whether the command ran and exited with 0. */
    public boolean succeeded() {
        return exitCode == 0;
    }

    StepOutcome withNote(String note) {
        List<String> more = new ArrayList<>(notes);
        more.add(note);
        return new StepOutcome(exitCode, startFailure, more, limits, usage);
    }
}
