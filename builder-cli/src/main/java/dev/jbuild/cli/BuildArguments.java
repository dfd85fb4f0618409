package dev.jbuild.cli;

import dev.jbuild.core.api.Annotation;
import dev.jbuild.core.api.BuildRequest;
import dev.jbuild.core.api.ContextSource;
import dev.jbuild.core.api.DockerfileSource;
import dev.jbuild.core.api.ImageForm;
import dev.jbuild.core.api.NamedContext;
import dev.jbuild.core.api.Output;
import dev.jbuild.core.api.RunOptions;
import dev.jbuild.core.api.RunOptions.Roots;
import dev.jbuild.oci.Platform;
import dev.jbuild.runtime.Resolver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns the arguments of {@code jbuild build} into the request they make. */
final class BuildArguments {
    private static final List<String> NETWORKS = List.of("default", "none", "host");

    private final Arguments arguments;
    private final Surroundings surroundings;

    BuildArguments(Arguments arguments, Surroundings surroundings) {
        this.arguments = arguments;
        this.surroundings = surroundings;
    }

    /** @param stdinDockerfile where the Dockerfile from standard input lies, when {@code -f -} was given */
    BuildRequest request(Optional<Path> stdinDockerfile) throws UsageException {
        refuseWhatIsAskedInVain();
        ContextSource context = context();
        Optional<DockerfileSource> stdin = stdinDockerfile.map(DockerfileSource.File::new);
        BuildRequest.Draft draft = BuildRequest.of(context, stdin.orElseGet(() -> dockerfile(context)));
        names(draft);
        contexts(draft);
        values(draft);
        outputs(draft);
        draft.noCache(arguments.isOn("--no-cache"));
        draft.pull(arguments.isOn("--pull"));
        for (String stages : arguments.all("--no-cache-filter")) {
            List.of(stages.split(",")).forEach(stage -> draft.noCacheStage(stage.strip()));
        }
        arguments.last("--target").filter(name -> !name.isEmpty()).ifPresent(draft::target);
        draft.run(runOptions());
        draft.grants(new GrantArguments(arguments, surroundings).grants());
        return draft.build();
    }

    /** What is asked for in vain, and does no harm when it is not done. */
    List<String> notes() {
        List<String> notes = new ArrayList<>(arguments.notes());
        boolean provenance = arguments
                        .last("--provenance")
                        .filter(value -> !value.equals("false"))
                        .isPresent()
                || arguments.all("--attest").stream()
                        .anyMatch(value -> value.contains("type=provenance") && !value.contains("disabled=true"));
        if (provenance) {
            notes.add("no provenance is attached to the image: --provenance has no effect here");
        }
        if (arguments.all("--add-host").stream().anyMatch(host -> host.endsWith("host-gateway"))
                && !arguments.last("--network").orElse("").equals("host")) {
            notes.add("host-gateway leads to this machine only from steps that share its network (--network=host)");
        }
        return notes;
    }

    boolean readsDockerfileFromStdin() {
        return arguments.last("--file").filter("-"::equals).isPresent();
    }

    private void names(BuildRequest.Draft draft) throws UsageException {
        for (String name : arguments.all("--tag")) {
            draft.tag(Values.imageName(name));
        }
    }

    private void contexts(BuildRequest.Draft draft) throws UsageException {
        for (String context : arguments.all("--build-context")) {
            Map.Entry<String, NamedContext> named = new ContextArgument(surroundings.directory()).named(context);
            draft.namedContext(named.getKey(), named.getValue());
        }
    }

    private void values(BuildRequest.Draft draft) throws UsageException {
        for (String argument : arguments.all("--build-arg")) {
            buildArg(draft, argument);
        }
        for (String label : arguments.all("--label")) {
            Map.Entry<String, String> pair = Values.assignment("--label", label);
            draft.label(pair.getKey(), pair.getValue());
        }
        for (Platform platform : Values.platforms(arguments.all("--platform"))) {
            draft.platform(platform);
        }
        Optional<String> epoch = arguments
                .last("--source-date-epoch")
                .or(this::epochArgument)
                .or(() -> surroundings.variable("SOURCE_DATE_EPOCH"));
        if (epoch.isPresent()) {
            draft.sourceDateEpoch(Values.seconds("the source date epoch", epoch.get()));
        }
    }

    /** As with BuildKit, the build argument of that name sets the time, too. */
    private Optional<String> epochArgument() {
        String prefix = "SOURCE_DATE_EPOCH=";
        return arguments.all("--build-arg").stream()
                .filter(argument -> argument.startsWith(prefix) && argument.length() > prefix.length())
                .map(argument -> argument.substring(prefix.length()))
                .reduce((_, last) -> last);
    }

    /** Without a value the environment's is meant; when that is not set either, the ARG keeps its default. */
    private void buildArg(BuildRequest.Draft draft, String argument) throws UsageException {
        Map.Entry<String, String> pair = Values.assignment("--build-arg", argument);
        if (argument.indexOf('=') >= 0) {
            draft.buildArg(pair.getKey(), pair.getValue());
        } else {
            Optional.ofNullable(surroundings.environment().get(argument))
                    .ifPresent(value -> draft.buildArg(argument, value));
        }
    }

    private void outputs(BuildRequest.Draft draft) throws UsageException {
        List<Annotation> annotations = new ArrayList<>();
        for (String annotation : arguments.all("--annotation")) {
            annotations.addAll(AnnotationArgument.parse(annotation));
        }
        List<OutputArgument> outputs = new ArrayList<>();
        for (String text : arguments.all("--output")) {
            outputs.add(OutputArgument.parse(text, surroundings.directory()));
        }
        for (OutputArgument output : outputs) {
            output.output().map(o -> annotated(o, annotations)).ifPresent(draft::output);
            output.names().forEach(draft::tag);
        }
        image(draft, outputs, annotations);
        long streams = outputs.stream()
                .filter(output ->
                        output.output().filter(OutputArgument::isStream).isPresent())
                .count();
        if (streams > 1) {
            throw new UsageException("standard output can take one --output only; " + streams + " go there");
        }
    }

    /** What becomes of the image in the store and in registries. */
    private void image(BuildRequest.Draft draft, List<OutputArgument> outputs, List<Annotation> annotations)
            throws UsageException {
        ImageForm form = outputs.stream()
                .flatMap(output -> output.form().stream())
                .reduce((_, last) -> last)
                .orElse(ImageForm.DEFAULT);
        boolean push = arguments.isOn("--push") || outputs.stream().anyMatch(OutputArgument::push);
        boolean named = !arguments.all("--tag").isEmpty()
                || outputs.stream().anyMatch(output -> !output.names().isEmpty());
        if (push && !named) {
            throw new UsageException("a push needs a name: give it with -t");
        }
        draft.push(push);
        draft.pushByDigest(outputs.stream().anyMatch(OutputArgument::pushByDigest));
        draft.store(arguments.isOn("--load") || outputs.stream().allMatch(OutputArgument::store));
        draft.form(form.under(annotations));
    }

    private static Output annotated(Output output, List<Annotation> annotations) {
        return new Output(
                output.kind(),
                output.destination(),
                output.form().under(annotations),
                output.asFolder(),
                output.split());
    }

    RunOptions runOptions() throws UsageException {
        String network = arguments.last("--network").orElse(RunOptions.DEFAULT.network());
        if (!NETWORKS.contains(network)) {
            throw new UsageException(
                    "--network " + network + " is not one of default, none and host" + Nearest.hint(network, NETWORKS));
        }
        List<String> hosts = new ArrayList<>();
        for (String host : arguments.all("--add-host")) {
            hosts.add(hostEntry(host));
        }
        return new RunOptions(
                network,
                arguments.last("--runtime").orElse(RunOptions.DEFAULT.runtime()),
                hosts,
                new LimitArguments(arguments).limits(),
                new SecurityArguments(arguments, surroundings.directory()).security(),
                roots(),
                resolver(),
                failureTerminal());
    }

    /** By this process's descriptor: the launcher opens it again. */
    private Optional<Path> failureTerminal() throws UsageException {
        Optional<String> asked = arguments.last("--on-error");
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        if (!asked.get().equals("shell")) {
            throw new UsageException("--on-error " + asked.get() + " is not shell, which is all that it can be");
        }
        if (!surroundings.inIsTerminal()) {
            throw new UsageException("--on-error=shell needs a terminal, and standard input is none");
        }
        return Optional.of(
                Path.of("/proc", Long.toString(ProcessHandle.current().pid()), "fd/0"));
    }

    private Roots roots() throws UsageException {
        return switch (arguments.last("--step-root").orElse("auto")) {
            case "auto" -> Roots.AUTO;
            case "overlay" -> Roots.OVERLAY;
            case "copy" -> Roots.COPY;
            case String other ->
                throw new UsageException("--step-root " + other + " is not one of auto, overlay and copy");
        };
    }

    private Resolver resolver() throws UsageException {
        try {
            return new Resolver(arguments.all("--dns"), arguments.all("--dns-search"), arguments.all("--dns-option"));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--dns, --dns-search or --dns-option: " + e.getMessage(), e);
        }
    }

    /** {@code name:address} or {@code name=address}; an IPv6 address has colons and may stand in brackets. */
    private static String hostEntry(String text) throws UsageException {
        int equals = text.indexOf('=');
        int end = equals >= 0 ? equals : text.indexOf(':');
        if (end <= 0 || end == text.length() - 1) {
            throw new UsageException("--add-host needs NAME:ADDRESS, not \"" + text + "\"");
        }
        String address = text.substring(end + 1);
        boolean bracketed = address.startsWith("[") && address.endsWith("]");
        return text.substring(0, end) + ":" + (bracketed ? address.substring(1, address.length() - 1) : address);
    }

    /** Some flags have one value that asks for what happens anyway; any other asks for what is not there yet. */
    private void refuseWhatIsAskedInVain() throws UsageException {
        Optional<String> sbom = arguments.last("--sbom").filter(value -> !value.equals("false"));
        boolean attestsSbom = arguments.all("--attest").stream()
                .anyMatch(value -> value.contains("type=sbom") && !value.contains("disabled=true"));
        if (sbom.isPresent() || attestsSbom) {
            throw new UsageException("no SBOM can be made here: leave --sbom out, and scan the finished image");
        }
    }

    private ContextSource context() throws UsageException {
        List<String> operands = arguments.operands();
        if (operands.size() != 1) {
            String hint = operands.isEmpty() ? "" : Nearest.hint(operands.getFirst(), Command.words());
            throw new UsageException("jbuild build needs exactly one PATH, the build context; given: "
                    + (operands.isEmpty() ? "none" : String.join(" ", operands)) + hint);
        }
        String context = operands.getFirst();
        if (context.equals("-")) {
            return standardInput();
        }
        return new ContextArgument(surroundings.directory()).context(context);
    }

    private ContextSource standardInput() throws UsageException {
        if (readsDockerfileFromStdin()) {
            throw new UsageException("standard input cannot be both the build context and the Dockerfile (-f -)");
        }
        return new ContextSource.Stream(surroundings.in());
    }

    /** Beside a directory it is a file of this machine, else one of the context. */
    private DockerfileSource dockerfile(ContextSource context) {
        Optional<String> file = arguments.last("--file");
        if (file.filter(name -> name.matches("(?i)https?://.+")).isPresent()) {
            return new DockerfileSource.Remote(file.get());
        }
        return switch (context) {
            case ContextSource.Directory(Path directory) ->
                new DockerfileSource.File(
                        file.map(surroundings.directory()::resolve).orElse(directory.resolve("Dockerfile")));
            case ContextSource.Stream _ -> new DockerfileSource.InContext(file);
            case ContextSource.Remote _ -> new DockerfileSource.InContext(file);
        };
    }
}
