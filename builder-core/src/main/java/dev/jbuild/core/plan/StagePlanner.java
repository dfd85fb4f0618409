package dev.jbuild.core.plan;

import dev.jbuild.core.plan.BuildGraph.HistoryLine;
import dev.jbuild.dockerfile.Assignment;
import dev.jbuild.dockerfile.CommandLine;
import dev.jbuild.dockerfile.DockerfileException;
import dev.jbuild.dockerfile.ExpansionException;
import dev.jbuild.dockerfile.Instruction;
import dev.jbuild.dockerfile.Instruction.Add;
import dev.jbuild.dockerfile.Instruction.Arg;
import dev.jbuild.dockerfile.Instruction.Cmd;
import dev.jbuild.dockerfile.Instruction.Copy;
import dev.jbuild.dockerfile.Instruction.Entrypoint;
import dev.jbuild.dockerfile.Instruction.Env;
import dev.jbuild.dockerfile.Instruction.Expose;
import dev.jbuild.dockerfile.Instruction.From;
import dev.jbuild.dockerfile.Instruction.Label;
import dev.jbuild.dockerfile.Instruction.Maintainer;
import dev.jbuild.dockerfile.Instruction.OnBuild;
import dev.jbuild.dockerfile.Instruction.Run;
import dev.jbuild.dockerfile.Instruction.Shell;
import dev.jbuild.dockerfile.Instruction.StopSignal;
import dev.jbuild.dockerfile.Instruction.User;
import dev.jbuild.dockerfile.Instruction.Volume;
import dev.jbuild.dockerfile.Instruction.Workdir;
import dev.jbuild.dockerfile.Stage;
import dev.jbuild.dockerfile.Word;
import dev.jbuild.oci.ContainerConfig;
import dev.jbuild.oci.Healthcheck;
import dev.jbuild.oci.ImageConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Folds the instructions of one stage into its config, its history and its nodes. One planner, one stage. */
final class StagePlanner {
    private final PlanContext context;
    private final Stage stage;
    private final StepTitles titles;
    private final StageStart starts;
    private final StageResult start;
    private final boolean rooted;

    private final List<HistoryLine> history;
    private final Set<String> buildArgs;
    private final Scope scope;
    private final Map<String, String> environment;
    private final Map<String, String> labels;
    private ContainerConfig config;
    private String author;
    private Node filesystem;
    private boolean cmdSet;
    private int counted;
    private long historySize;

    StagePlanner(PlanContext context, Stage stage) throws DockerfileException {
        this.context = context;
        this.stage = stage;
        this.titles = new StepTitles(context.table().label(stage.index()), countSteps());
        this.starts = new StageStart(context);
        this.start = starts.of(stage, titles);
        this.rooted = context.table().isRooted(stage.index());
        this.history = new ArrayList<>(start.history());
        this.buildArgs = new LinkedHashSet<>(start.buildArgs());
        this.scope = start.scope();
        this.config = start.config();
        this.environment = config.environment();
        this.labels = new LinkedHashMap<>(config.labels());
        this.author = start.author();
        this.filesystem = start.filesystem();
    }

    StageResult plan() throws DockerfileException {
        for (PlannedInstruction planned : context.table().instructions(stage.index())) {
            try {
                context.survey().see(stage.index(), planned, scope, config, buildArgs);
                plan(planned);
                requireSmallHistory();
            } catch (ExpansionException e) {
                throw new DockerfileException(
                        context.dockerfile(), planned.instruction().range(), e);
            }
        }
        // Put together at the end: each of ten thousand instructions may set a hundred thousand names.
        ContainerConfig result =
                config.withEnvironment(environment).copy().labels(labels).build();
        return new StageResult(filesystem, author, result, history, scope, List.copyOf(buildArgs));
    }

    private void requireSmallHistory() throws ExpansionException {
        for (; counted < history.size(); counted++) {
            historySize += history.get(counted) instanceof HistoryLine.Made made
                    ? made.createdBy().length()
                    : 0;
        }
        if (historySize > ImageConfig.MAX_BYTES) {
            throw new ExpansionException("the history of the image is longer than " + ImageConfig.MAX_BYTES
                    + " characters, and no config can hold it (limit config)");
        }
    }

    private void plan(PlannedInstruction planned) throws ExpansionException, DockerfileException {
        switch (planned.instruction()) {
            case From _ -> throw new IllegalStateException("a FROM inside a stage");
            case Run run -> run(planned, run);
            case Copy copy -> copy(planned, copy);
            case Add add -> add(planned, add);
            case Workdir workdir -> workdir(planned, workdir);
            case Env env -> env(env);
            case Arg arg -> arg(arg);
            case Label label -> label(label);
            case User user -> user(user);
            case Cmd cmd -> cmd(cmd);
            case Entrypoint entrypoint -> entrypoint(entrypoint);
            case Expose expose -> expose(expose);
            case Volume volume -> volume(volume);
            case Shell shell -> shell(shell);
            case StopSignal stopSignal -> stopSignal(stopSignal);
            case Instruction.Healthcheck healthcheck -> healthcheck(healthcheck);
            case Maintainer maintainer -> maintainer(maintainer);
            // Kept verbatim for the builds that start from this image; BuildKit writes no history for it.
            case OnBuild onBuild ->
                config = config.copy()
                        .onBuild(appended(config.onBuild(), onBuild.trigger()))
                        .build();
        }
    }

    private void run(PlannedInstruction planned, Run run) throws ExpansionException, DockerfileException {
        RunPlan plan = new RunPlanner(scope, config, buildArgs, context.options()).plan(run);
        List<Node> inputs = new ArrayList<>(List.of(filesystem));
        for (StageBase source : context.table().mountSources(run, stage.index())) {
            inputs.add(sourceOf(source));
        }
        filesystem = node(plan.step(), planned, inputs);
        layer(plan.createdBy());
    }

    private void copy(PlannedInstruction planned, Copy copy) throws ExpansionException, DockerfileException {
        TransferPlan plan = new TransferPlanner(scope, config.workingDir()).plan(copy);
        List<Node> inputs = copy.from().isEmpty()
                ? List.of(filesystem)
                : List.of(filesystem, sourceOf(context.table().source(copy, stage.index())));
        filesystem = node(plan.step(), planned, inputs);
        layer(plan.createdBy());
    }

    private void add(PlannedInstruction planned, Add add) throws ExpansionException {
        TransferPlan plan = new TransferPlanner(scope, config.workingDir()).plan(add);
        List<Node> inputs = new ArrayList<>(List.of(filesystem));
        for (Origin origin : plan.origins()) {
            inputs.add(starts.fetched(origin, add.range()));
        }
        filesystem = node(plan.step(), planned, inputs);
        layer(plan.createdBy());
    }

    private Node sourceOf(StageBase source) {
        return switch (source) {
            case StageBase.Earlier(int earlier) -> {
                StageResult result = context.results().get(earlier);
                if (result == null) {
                    throw new IllegalStateException("stage " + earlier + " is planned after one that copies from it");
                }
                yield result.filesystem();
            }
            case StageBase.Image(ImageRequest request) -> starts.pulled(request);
            case StageBase.Fetched fetched -> starts.fetched(fetched.origin(), fetched.range());
            case StageBase.Scratch() -> starts.empty(stage.from().range());
        };
    }

    private void workdir(PlannedInstruction planned, Workdir workdir) throws ExpansionException {
        String path = ImagePaths.workdir(config.workingDir(), scope.expand(workdir.path()));
        config = config.copy().workingDir(path).build();
        if (path.equals("/")) {
            titles.skip();
            emptyLayer("WORKDIR /");
            return;
        }
        filesystem = node(new Step.MakeDirectory(ImagePaths.clean(path), config.user()), planned, List.of(filesystem));
        layer("WORKDIR " + path);
    }

    private void env(Env env) throws ExpansionException {
        // Every word of one instruction sees the environment before it.
        Map<String, String> set = new LinkedHashMap<>();
        StringBuilder createdBy = new StringBuilder("ENV");
        for (Assignment variable : env.variables()) {
            String key = scope.expand(variable.key());
            String value = scope.expand(variable.value());
            set.put(key, value);
            createdBy.append(' ').append(key).append('=').append(value);
        }
        environment.putAll(set);
        scope.setAll(set);
        emptyLayer(createdBy.toString());
    }

    private void arg(Arg arg) throws ExpansionException {
        List<String> shown = new ArrayList<>();
        for (Arg.Definition definition : arg.definitions()) {
            // Of an ARG only the value is expanded.
            String key = definition.key().text();
            Optional<String> value = argValue(key, definition.defaultValue());
            value.ifPresent(text -> scope.set(key, text));
            context.used().use(key);
            buildArgs.add(key);
            shown.add(key + value.map(text -> "=" + text).orElse(""));
        }
        emptyLayer("ARG " + String.join(" ", shown));
    }

    /** A value from the caller keeps the default from being expanded at all, so that its {@code :?} does not fire. */
    private Optional<String> argValue(String key, Optional<Word> defaultValue) throws ExpansionException {
        String given = context.options().buildArgs().get(key);
        if (given != null) {
            return Optional.of(given);
        }
        return defaultValue.isPresent()
                ? Optional.of(scope.expand(defaultValue.get()))
                : context.table().globals().get(key);
    }

    private void label(Label label) throws ExpansionException {
        StringBuilder createdBy = new StringBuilder("LABEL");
        for (Assignment assignment : label.labels()) {
            String key = scope.expand(assignment.key());
            String value = scope.expand(assignment.value());
            labels.put(key, value);
            createdBy.append(' ').append(key).append('=').append(value);
        }
        emptyLayer(createdBy.toString());
    }

    private void user(User user) throws ExpansionException {
        String name = scope.expand(user.user());
        config = config.copy().user(name).build();
        emptyLayer("USER " + name);
    }

    private void cmd(Cmd cmd) {
        List<String> argv = argv(cmd.command());
        config = config.copy().cmd(argv).argsEscaped(true).build();
        cmdSet = true;
        emptyLayer("CMD " + GoText.quoted(argv));
    }

    private void entrypoint(Entrypoint entrypoint) {
        List<String> argv = argv(entrypoint.command());
        config = config.copy().entrypoint(argv).build();
        // An inherited CMD was meant for the inherited ENTRYPOINT.
        if (!cmdSet) {
            config = config.copy().cmd(List.of()).build();
        }
        emptyLayer("ENTRYPOINT " + GoText.quoted(argv));
    }

    private void expose(Expose expose) throws ExpansionException {
        List<String> ports = new ArrayList<>();
        // BuildKit sorts the words as they are written, before their variables are expanded.
        for (Word word :
                expose.ports().stream().sorted(Comparator.comparing(Word::text)).toList()) {
            for (String port : scope.expandWords(word)) {
                ports.addAll(portsOf(port));
            }
        }
        NavigableSet<String> exposed = new TreeSet<>(config.exposedPorts());
        exposed.addAll(ports);
        config = config.copy().exposedPorts(exposed).build();
        emptyLayer("EXPOSE " + GoText.plain(ports));
    }

    private static List<String> portsOf(String word) throws ExpansionException {
        try {
            return Ports.parse(word);
        } catch (IllegalArgumentException e) {
            throw new ExpansionException(String.valueOf(e.getMessage()));
        }
    }

    private void volume(Volume volume) throws ExpansionException {
        List<String> paths = scope.expandAll(volume.paths());
        if (paths.contains("")) {
            throw new ExpansionException("a VOLUME cannot be an empty path");
        }
        NavigableSet<String> volumes = new TreeSet<>(config.volumes());
        volumes.addAll(paths);
        config = config.copy().volumes(volumes).build();
        emptyLayer("VOLUME " + GoText.plain(paths));
    }

    private void shell(Shell shell) {
        config = config.copy().shell(shell.argv()).build();
        emptyLayer("SHELL " + GoText.plain(shell.argv()));
    }

    private void stopSignal(StopSignal stopSignal) throws ExpansionException {
        String signal = scope.expand(stopSignal.signal());
        if (!StopSignals.isValid(signal)) {
            throw new ExpansionException("unknown signal \"" + signal + "\"; give its name (SIGTERM) or number (15)");
        }
        config = config.copy().stopSignal(signal).build();
        emptyLayer("STOPSIGNAL " + signal);
    }

    private void healthcheck(Instruction.Healthcheck healthcheck) {
        Healthcheck check = new Healthcheck(
                probe(healthcheck.command()),
                healthcheck.interval().toNanos(),
                healthcheck.timeout().toNanos(),
                healthcheck.startPeriod().toNanos(),
                healthcheck.startInterval().toNanos(),
                healthcheck.retries());
        config = config.copy().healthcheck(Optional.of(check)).build();
        emptyLayer("HEALTHCHECK " + GoText.healthcheck(check));
    }

    private static List<String> probe(Optional<CommandLine> command) {
        if (command.isEmpty()) {
            return List.of("NONE");
        }
        return switch (command.get()) {
            case CommandLine.Exec(List<String> argv) -> {
                List<String> probe = new ArrayList<>(List.of("CMD"));
                probe.addAll(argv);
                yield probe;
            }
            case CommandLine.Shell shell -> List.of("CMD-SHELL", shell.text());
        };
    }

    private void maintainer(Maintainer maintainer) {
        author = maintainer.author();
        emptyLayer("MAINTAINER " + author);
    }

    private List<String> argv(CommandLine command) {
        return switch (command) {
            case CommandLine.Exec(List<String> argv) -> argv;
            case CommandLine.Shell shell -> Shells.wrap(config.shell(), shell.text());
        };
    }

    private Node node(Step step, PlannedInstruction planned, List<Node> inputs) {
        return new Node(
                context.nodes().number(),
                step,
                inputs,
                titles.next((planned.trigger() ? "ONBUILD " : "")
                        + planned.instruction().original()),
                planned.instruction().range(),
                rooted,
                context.options().runsAnew(stage));
    }

    private void layer(String createdBy) {
        history.add(new HistoryLine.Made(createdBy, Optional.of(filesystem)));
    }

    private void emptyLayer(String createdBy) {
        history.add(new HistoryLine.Made(createdBy, Optional.empty()));
    }

    private int countSteps() {
        int steps = context.table().base(stage.index()) instanceof StageBase.Image ? 1 : 0;
        for (PlannedInstruction planned : context.table().instructions(stage.index())) {
            if (planned.makesStep()) {
                steps++;
            }
        }
        return steps;
    }

    private static List<String> appended(List<String> list, String last) {
        List<String> longer = new ArrayList<>(list);
        longer.add(last);
        return longer;
    }
}
