package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.api.BuildListener.Stream;
import dev.jbuild.core.plan.Step;
import dev.jbuild.core.work.Vertices;
import dev.jbuild.layer.store.PreparedTree;
import dev.jbuild.layer.tree.StackedTree;
import dev.jbuild.layer.tree.UpperTree;
import dev.jbuild.runtime.Network;
import dev.jbuild.runtime.ProcessUser;
import dev.jbuild.runtime.Rootfs;
import dev.jbuild.runtime.StepInput;
import dev.jbuild.runtime.StepOutcome;
import dev.jbuild.runtime.StepOutput;
import dev.jbuild.runtime.StepSecurity;
import dev.jbuild.runtime.StepSpec;
import dev.jbuild.runtime.StepUsage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Runs a RUN in its box; what it leaves in the upper directory is the layer. */
final class RunExecutor {
    private final BuildSite site;
    private final StepRoots roots;
    private final KnownUsers users = new KnownUsers();

    RunExecutor(BuildSite site) {
        this.site = site;
        this.roots = new StepRoots(site.workshop(), site.run().roots());
    }

    /** Runs the step on the parent's filesystem, its changes going to the prepared tree; returns what it used. */
    StepUsage run(Step.Run step, RunMounts mounts, Snapshot parent, PreparedTree tree, Vertices.Vertex vertex)
            throws IOException, BuildException, InterruptedException {
        List<Path> lower = LayerWorkshop.trees(parent.layers());
        try (MountedStep mounted = mounts.mount()) {
            Ids.Identity identity = prepare(step, tree.fs(), lower);
            StepSpec spec = spec(step, mounted, new Rootfs(lower, tree.fs(), tree.work()), identity);
            StepOutcome outcome =
                    roots.run(spec, parent.layers(), tree, rooted -> runOrExplore(rooted, mounted, vertex));
            return used(step, outcome, vertex);
        }
    }

    private StepUsage used(Step.Run step, StepOutcome outcome, Vertices.Vertex vertex) throws BuildException {
        outcome.notes().forEach(site.vertices()::note);
        vertex.used(outcome.usage());
        if (!outcome.succeeded()) {
            throw failure(step, outcome);
        }
        outcome.limits().forEach(limit -> site.vertices().note("a step went on after " + limit));
        return outcome.usage();
    }

    /** Where the user asked for it, he finds a step that failed as it ended: its files, mounts, user and environment. */
    private StepOutcome runOrExplore(StepSpec spec, MountedStep mounted, Vertices.Vertex vertex)
            throws IOException, InterruptedException {
        StepOutcome outcome = run(spec, mounted, vertex);
        Optional<Path> terminal = site.run().failureTerminal();
        if (!outcome.succeeded() && terminal.isPresent()) {
            explore(spec, outcome, terminal.get(), vertex);
        }
        return outcome;
    }

    private void explore(StepSpec spec, StepOutcome outcome, Path terminal, Vertices.Vertex vertex)
            throws IOException, InterruptedException {
        List<String> shell = shell(spec.argv());
        site.vertices()
                .note("the step failed (exit code " + outcome.exitCode() + "); this is " + String.join(" ", shell)
                        + " in its box, and the build ends when you leave it");
        StepSpec exploring = spec.withArgv(shell).withInput(new StepInput.Terminal(terminal));
        StepOutcome left = site.runtime().run(exploring, new Output(vertex));
        left.startFailure().ifPresent(why -> site.vertices().note("there is no shell in the step's box: " + why));
    }

    /** The shell that the step was given to, else the usual one. */
    private static List<String> shell(List<String> argv) {
        int command = argv.indexOf("-c");
        return command > 0 ? argv.subList(0, command) : List.of("/bin/sh");
    }

    private StepOutcome run(StepSpec spec, MountedStep mounted, Vertices.Vertex vertex)
            throws IOException, InterruptedException {
        Output output = new Output(vertex);
        if (mounted.secrets().isEmpty()) {
            return site.runtime().run(spec, output);
        }
        RedactingOutput redacting = new RedactingOutput(mounted.secrets(), output);
        try {
            return site.runtime().run(spec, redacting);
        } finally {
            redacting.finish();
        }
    }

    /**
     * Looks up whom the step runs as, and gives the upper directory the root's mode and owner: the root of an overlay looks as
     * its upper directory does.
     */
    private Ids.Identity prepare(Step.Run step, Path upper, List<Path> lower) throws IOException, BuildException {
        if (lower.isEmpty()) {
            return new Ids(UserDatabase.EMPTY).identity(step.user());
        }
        try (StackedTree below = StackedTree.open(site.workshop().linux(), lower)) {
            UpperTree.prepare(site.workshop().linux(), upper, below);
            return new Ids(users.of(lower, below)).identity(step.user());
        }
    }

    private StepSpec spec(Step.Run step, MountedStep mounted, Rootfs rootfs, Ids.Identity identity)
            throws BuildException {
        Map<String, String> environment = new LinkedHashMap<>(step.hiddenEnvironment());
        environment.put("HOME", identity.home());
        environment.putAll(step.environment());
        environment.putAll(mounted.environment());
        return new StepSpec(
                rootfs,
                mounted.mounts(),
                step.argv(),
                environment,
                step.workingDir(),
                new ProcessUser(identity.uid(), identity.gid(), identity.groups()),
                Network.valueOf(step.network().toUpperCase(Locale.ROOT)),
                StepSpec.DEFAULT_HOSTNAME,
                Hosts.of(site.run().addHosts()),
                site.run().limits(),
                step.insecure() ? StepSecurity.INSECURE : site.run().security(),
                new StepInput.Nothing(),
                site.run().resolver());
    }

    private static BuildException failure(Step.Run step, StepOutcome outcome) {
        String process = "process \"" + String.join(" ", step.argv()) + "\"";
        String message = outcome.startFailure()
                .map(reason -> process + " could not be started: " + reason + hint(reason))
                .orElse(process + " did not complete successfully: exit code: " + outcome.exitCode());
        for (String limit : outcome.limits()) {
            message += ": " + limit;
        }
        return new BuildException(Kind.BUILD, message);
    }

    /** The kernel's words for a program of another architecture (ENOEXEC), as both runtimes pass them on. */
    private static String hint(String reason) {
        return reason.toLowerCase(Locale.ROOT).contains("exec format error")
                ? ": it is for another kind of machine than this; to run it, register an emulator (qemu-user-static,"
                        + " binfmt-support), or build on such a machine"
                : "";
    }

    /** Passes a step's output on to who listens. */
    private record Output(Vertices.Vertex vertex) implements StepOutput {
        @Override
        public void stdout(byte[] bytes, int offset, int length) {
            vertex.output(Stream.STDOUT, bytes, offset, length);
        }

        @Override
        public void stderr(byte[] bytes, int offset, int length) {
            vertex.output(Stream.STDERR, bytes, offset, length);
        }
    }
}
