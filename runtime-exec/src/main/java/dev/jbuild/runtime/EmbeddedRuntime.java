package dev.jbuild.runtime;

import java.io.IOException;

/** Runs steps with jbuild's own launcher: nothing to install, and a few milliseconds a step. */
public final class EmbeddedRuntime implements StepRuntime {
    private final Launcher launcher;
    private final SearchPath programs;
    private final Entered entered;

    /**
     * @param programs where pasta is looked for
     * @param entered what {@code launcher enter} gave this JVM
     */
    public EmbeddedRuntime(Launcher launcher, SearchPath programs, Entered entered) {
        this.launcher = launcher;
        this.programs = programs;
        this.entered = entered;
    }

    @Override
    public StepOutcome run(StepSpec spec, StepOutput output) throws IOException, InterruptedException {
        throw new RuntimeUnavailableException(
                "the launcher " + launcher + " is not driven yet: " + programs + " " + entered, "wait for it to land");
    }
}
