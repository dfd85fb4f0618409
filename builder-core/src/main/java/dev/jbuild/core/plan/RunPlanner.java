package dev.jbuild.core.plan;

import dev.jbuild.core.api.Entitlement;
import dev.jbuild.dockerfile.CommandLine;
import dev.jbuild.dockerfile.ExpansionException;
import dev.jbuild.dockerfile.Heredoc;
import dev.jbuild.dockerfile.Instruction.Run;
import dev.jbuild.dockerfile.Instruction.RunNetwork;
import dev.jbuild.dockerfile.Instruction.RunSecurity;
import dev.jbuild.oci.ContainerConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the step of a RUN: what is executed, with which environment, and how the history tells it. */
final class RunPlanner {
    private static final Set<String> PROXIES =
            Set.of("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY");

    /** Where BuildKit puts a here-document that is executed; its path is the command in the history. */
    private static final String SCRIPTS = "/dev/pipes/";

    private final Scope scope;
    private final ContainerConfig config;
    private final Collection<String> buildArgs;
    private final PlanOptions options;

    RunPlanner(Scope scope, ContainerConfig config, Collection<String> buildArgs, PlanOptions options) {
        this.scope = scope;
        this.config = config;
        this.buildArgs = buildArgs;
        this.options = options;
    }

    RunPlan plan(Run run) throws ExpansionException {
        refuseWhatIsNotAllowed(run);
        List<RunMount> mounts = new ArrayList<>(mounts(run));
        Optional<RunMount.Script> script = script(run.command());
        script.ifPresent(mounts::add);
        List<String> argv =
                script.isPresent() ? Shells.wrap(config.shell(), script.get().target()) : argv(run.command());
        refuseWithoutProgram(argv);
        Step.Run step = new Step.Run(
                argv,
                environment(mounts),
                proxies(),
                workingDir(),
                config.user(),
                network(run),
                mounts,
                run.security() == RunSecurity.INSECURE);
        return new RunPlan(step, createdBy(argv));
    }

    private void refuseWhatIsNotAllowed(Run run) throws ExpansionException {
        if (!run.devices().isEmpty()) {
            throw new ExpansionException(
                    "RUN --device=" + run.devices().getFirst().name()
                            + " is not supported: no CDI device of this machine is given to a step");
        }
        if (run.security() == RunSecurity.INSECURE) {
            require(Entitlement.SECURITY_INSECURE, "RUN --security=insecure");
        }
    }

    private static void refuseWithoutProgram(List<String> argv) throws ExpansionException {
        if (!argv.isEmpty() && argv.getFirst().isEmpty()) {
            throw new ExpansionException("RUN has no program to start: the first word of its command is empty");
        }
    }

    private String network(Run run) throws ExpansionException {
        // Who gives every step the host's network has allowed it to this one.
        if (run.network() == RunNetwork.HOST && !options.network().equals("host")) {
            require(Entitlement.NETWORK_HOST, "RUN --network=host");
        }
        return run.network() == RunNetwork.DEFAULT
                ? options.network()
                : run.network().name().toLowerCase(Locale.ROOT);
    }

    private List<String> argv(CommandLine command) {
        return switch (command) {
            case CommandLine.Exec(List<String> argv) -> argv;
            case CommandLine.Shell shell -> Shells.wrap(config.shell(), shell.scriptText());
        };
    }

    private void require(Entitlement entitlement, String who) throws ExpansionException {
        if (!options.allowed().contains(entitlement)) {
            throw new ExpansionException(who + " must be allowed: build with --allow " + entitlement.text());
        }
    }

    private List<RunMount> mounts(Run run) throws ExpansionException {
        String namespace = options.buildArgs().getOrDefault(MountPlanner.CACHE_NAMESPACE, "");
        return new MountPlanner(scope, workingDir(), namespace).plan(run.mounts());
    }

    /** A base may have any; a relative one begins at the root. */
    private String workingDir() {
        return ImagePaths.workdir("/", config.workingDir());
    }

    /**
     * A here-document that names its interpreter is a file that the shell executes. BuildKit looks at the lines as they
     * stand: with tabs before it, the first line is a comment of a script like any other.
     */
    private static Optional<RunMount.Script> script(CommandLine command) throws ExpansionException {
        Optional<Heredoc> script = command instanceof CommandLine.Shell shell ? shell.script() : Optional.empty();
        if (script.isEmpty() || !script.get().content().startsWith("#!")) {
            return Optional.empty();
        }
        String name = script.get().name();
        if (name.contains("/") || name.equals(".") || name.equals("..")) {
            throw new ExpansionException(
                    "a script cannot be called \"" + name + "\": its here-document becomes a file");
        }
        return Optional.of(new RunMount.Script(SCRIPTS + name, script.get().body()));
    }

    /** The first agent is the one that ssh(1) finds, unless the Dockerfile says otherwise. */
    private Map<String, String> environment(List<RunMount> mounts) {
        for (RunMount mount : mounts) {
            if (mount instanceof RunMount.Ssh agent) {
                Map<String, String> environment = new LinkedHashMap<>(scope.values());
                environment.putIfAbsent("SSH_AUTH_SOCK", agent.target());
                return environment;
            }
        }
        return scope.values();
    }

    /**
     * Proxies given as build arguments reach every RUN in both spellings, and neither cache key nor history; the step's own
     * environment counts before them.
     */
    private Map<String, String> proxies() {
        Map<String, String> proxies = new LinkedHashMap<>();
        options.buildArgs().forEach((name, value) -> {
            String upper = name.toUpperCase(Locale.ROOT);
            if (PROXIES.contains(upper)) {
                proxies.put(upper, value);
                proxies.put(upper.toLowerCase(Locale.ROOT), value);
            }
        });
        return proxies;
    }

    private String createdBy(List<String> argv) {
        List<String> words = new ArrayList<>();
        if (!buildArgs.isEmpty()) {
            words.add("|" + buildArgs.size());
            buildArgs.forEach(name -> words.add(name + "=" + scope.get(name).orElse("")));
        }
        words.addAll(argv);
        return "RUN " + String.join(" ", words) + " # buildkit";
    }
}
