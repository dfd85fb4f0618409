package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.CommandLine;
import dev.jbuild.dockerfile.ExpansionException;
import dev.jbuild.dockerfile.Instruction.Run;
import dev.jbuild.dockerfile.Instruction.RunNetwork;
import dev.jbuild.dockerfile.Instruction.RunSecurity;
import dev.jbuild.oci.ContainerConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Makes the step of a RUN: what is executed, with which environment, and how the history tells it. */
final class RunPlanner {
    private static final Set<String> PROXIES =
            Set.of("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY");

    private final Scope scope;
    private final ContainerConfig config;
    private final List<String> buildArgs;
    private final PlanOptions options;

    RunPlanner(Scope scope, ContainerConfig config, List<String> buildArgs, PlanOptions options) {
        this.scope = scope;
        this.config = config;
        this.buildArgs = buildArgs;
        this.options = options;
    }

    RunPlan plan(Run run) throws ExpansionException {
        refuseUnsupported(run);
        List<String> argv = argv(run.command());
        Step.Run step = new Step.Run(
                argv,
                scope.values(),
                proxies(),
                config.workingDir().isEmpty() ? "/" : config.workingDir(),
                config.user(),
                network(run));
        return new RunPlan(step, createdBy(argv));
    }

    private static void refuseUnsupported(Run run) throws ExpansionException {
        if (!run.mounts().isEmpty()) {
            throw new ExpansionException("RUN --mount is not supported yet");
        }
        if (hasInterpreterLine(run.command())) {
            throw new ExpansionException("a RUN heredoc that begins with #! is not supported yet; name the interpreter"
                    + " on the RUN line (RUN python3 <<EOF)");
        }
        if (run.security() == RunSecurity.INSECURE) {
            throw new ExpansionException("RUN --security=insecure is not supported: every step runs confined");
        }
        if (!run.devices().isEmpty()) {
            throw new ExpansionException("RUN --device is not supported yet");
        }
    }

    private String network(Run run) throws ExpansionException {
        if (run.network() == RunNetwork.HOST && !options.network().equals("host")) {
            throw new ExpansionException("RUN --network=host must be allowed: build with --network=host");
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

    private static boolean hasInterpreterLine(CommandLine command) {
        return command instanceof CommandLine.Shell shell
                && shell.script()
                        .filter(script -> script.body().startsWith("#!"))
                        .isPresent();
    }

    /** Proxies given as build arguments reach every RUN in both spellings, and neither cache key nor history. */
    private Map<String, String> proxies() {
        Map<String, String> proxies = new LinkedHashMap<>();
        options.buildArgs().forEach((name, value) -> {
            String upper = name.toUpperCase(Locale.ROOT);
            if (PROXIES.contains(upper) && scope.get(name).isEmpty()) {
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
