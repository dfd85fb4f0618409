package dev.jbuild.runtime;

import java.io.IOException;
import java.nio.file.Path;

/** Runs steps with an OCI runtime (runc) through a bundle, with the same box as {@link EmbeddedRuntime}. */
public final class OciRuntime implements StepRuntime {
    private final Launcher launcher;
    private final SearchPath programs;
    private final String runtime;
    private final Path state;

    /**
     * @param programs where the runtime is looked for
     * @param runtime its name, such as runc, or its absolute path
     * @param state an existing directory of the user's own for bundles and the runtime's state
     */
    public OciRuntime(Launcher launcher, SearchPath programs, String runtime, Path state) {
        this.launcher = launcher;
        this.programs = programs;
        this.runtime = runtime;
        this.state = state;
    }

    @Override
    public StepOutcome run(StepSpec spec, StepOutput output) throws IOException, InterruptedException {
        throw new RuntimeUnavailableException(
                launcher + " does not drive " + runtime + " yet: " + programs + " " + state, "wait for it to land");
    }
}
