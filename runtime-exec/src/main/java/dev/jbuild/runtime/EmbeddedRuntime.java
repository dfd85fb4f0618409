package dev.jbuild.runtime;

import dev.jbuild.runtime.launch.LaunchedProcess;
import dev.jbuild.runtime.launch.Report;
import java.io.IOException;

/**
 * Runs steps with jbuild's own launcher: nothing to install, and a few milliseconds a step. It decides what the box
 * holds; the launcher builds it.
 */
public final class EmbeddedRuntime implements StepRuntime {
    private static final String NO_CGROUP =
            "the step runs without a limit of processes: no cgroup with the pids controller can be written here";

    private final Launcher launcher;
    private final Requirements requirements;
    private final StepNetworks networks;
    private final LazyHost host = new LazyHost();

    /**
     * @param programs where pasta is looked for
     * @param entered what {@code launcher enter} gave this JVM
     */
    public EmbeddedRuntime(Launcher launcher, SearchPath programs, Entered entered) {
        this.launcher = launcher;
        this.requirements = new Requirements(entered);
        this.networks = new StepNetworks(programs);
    }

    @Override
    public StepOutcome run(StepSpec spec, StepOutput output) throws IOException, InterruptedException {
        Host known = host.get();
        requirements.check(spec, known.machine());
        StepOutcome outcome = networks.run(spec.network(), link -> launch(spec, link, known, output));
        return known.machine().cgroups().isEmpty() ? outcome.withNote(NO_CGROUP) : outcome;
    }

    private Report launch(StepSpec spec, Link link, Host known, StepOutput output)
            throws IOException, InterruptedException {
        return LaunchedProcess.run(launcher.file(), LaunchPlanner.plan(spec, link, known), new Relay(output));
    }
}
