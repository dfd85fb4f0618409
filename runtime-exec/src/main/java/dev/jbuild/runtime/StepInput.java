package dev.jbuild.runtime;

import java.nio.file.Path;

/** What a step's command reads. */
public sealed interface StepInput {
    /** Nothing, as in every build. */
    record Nothing() implements StepInput {}

    /**
     * The rest of an open file or pipe.
     *
     * @param file a path that opens it, such as {@code /proc/self/fd/0} of the builder by its process id
     */
    record Stream(Path file) implements StepInput {}

    /**
     * A person at a terminal: the command gets a terminal of its own, connected to it, and prints there.
     *
     * @param device a path that opens the person's terminal
     */
    record Terminal(Path device) implements StepInput {}
}
