package dev.jbuild.runtime;

import dev.jbuild.runtime.launch.Launch;
import dev.jbuild.runtime.launch.LaunchException;
import dev.jbuild.runtime.launch.LaunchedProcess;
import dev.jbuild.runtime.launch.Report;
import java.io.IOException;

/**
 * Runs steps with jbuild's own launcher: nothing to install, and a few milliseconds a step. It decides what the box
 * holds; the launcher builds it.
 */
public final class EmbeddedRuntime implements StepRuntime {
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
        if (spec.security().apparmor().isPresent() || spec.security().selinux().isPresent()) {
            requirements.check(spec.security(), SecurityModules.probe());
        }
        CgroupPlanner.Plan resources = CgroupPlanner.plan(spec, known.machine());
        StepOutcome outcome = networks.run(spec.network(), link -> launch(spec, link, known, resources, output));
        for (String note : resources.notes()) {
            outcome = outcome.withNote(note);
        }
        return outcome;
    }

    private Report launch(StepSpec spec, Link link, Host known, CgroupPlanner.Plan resources, StepOutput output)
            throws IOException, InterruptedException {
        Requirements.check(spec.resolver(), link);
        Launch launch = LaunchPlanner.plan(spec, link, known, resources);
        try {
            return LaunchedProcess.run(launcher.starter(), launch, new Relay(output));
        } catch (LaunchException e) {
            throw OverlayUnavailableException.of(e);
        }
    }
}
