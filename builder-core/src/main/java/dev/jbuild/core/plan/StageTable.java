package dev.jbuild.core.plan;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.NamedContext;
import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.DockerfileException;
import dev.jbuild.dockerfile.ExpansionException;
import dev.jbuild.dockerfile.Instruction;
import dev.jbuild.dockerfile.Instruction.Copy;
import dev.jbuild.dockerfile.Instruction.Run;
import dev.jbuild.dockerfile.MountOptions;
import dev.jbuild.dockerfile.SourceRange;
import dev.jbuild.dockerfile.Stage;
import dev.jbuild.dockerfile.Word;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Platform;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The stages of a Dockerfile with their references resolved: what each starts from, and which the target needs. */
final class StageTable {
    private final Dockerfile dockerfile;
    private final PlanOptions options;
    private final boolean allStages;
    private final Scope globals;
    private final List<StageBase> bases = new ArrayList<>();
    private final List<List<PlannedInstruction>> instructions = new ArrayList<>();
    private final Map<ImageRequest.Key, BaseImage> images;
    private final NamedContexts contexts;
    private final Set<String> platformNotes = new TreeSet<>();
    private final StageNames names;
    private final int target;
    private Optional<Set<Integer>> rooted = Optional.empty();

    /**
     * @param images what is known of base images so far; their ONBUILD triggers join the stages
     * @param allStages whether every stage counts as needed, as a check of the whole file wants it
     */
    StageTable(Dockerfile dockerfile, PlanOptions options, Map<ImageRequest.Key, BaseImage> images, boolean allStages)
            throws DockerfileException, BuildException {
        this.dockerfile = dockerfile;
        this.options = options;
        this.allStages = allStages;
        this.images = images;
        this.contexts = new NamedContexts(options.contexts());
        this.names = new StageNames(dockerfile);
        this.target = names.target(options.target());
        this.globals = GlobalArgs.of(
                dockerfile,
                options,
                options.buildArgs(),
                dockerfile.stages().get(target).name());
        for (Stage stage : dockerfile.stages()) {
            Optional<StageBase> instead = replacement(stage);
            bases.add(instead.isPresent() ? instead.get() : base(stage));
            instructions.add(planned(stage, instead.isPresent() ? List.of() : stage.instructions()));
        }
    }

    /** The triggers of its base come first. */
    private List<PlannedInstruction> planned(Stage stage, List<Instruction> own) throws DockerfileException {
        List<PlannedInstruction> all = new ArrayList<>();
        for (Instruction fired : new StageTriggers(dockerfile, images).of(bases.get(stage.index()), stage)) {
            all.add(new PlannedInstruction(fired, true));
        }
        own.forEach(instruction -> all.add(new PlannedInstruction(instruction, false)));
        return all;
    }

    char escape() {
        return dockerfile.directives().escape();
    }

    int target() {
        return target;
    }

    Scope globals() {
        return globals.copy();
    }

    /** What is odd about what the caller gave, now that the stages are planned. */
    List<String> notes() {
        List<String> notes = new ArrayList<>(contexts.notes());
        PlatformNames.note(options.targetPlatform()).ifPresent(notes::add);
        notes.addAll(platformNotes);
        return notes;
    }

    StageBase base(int stage) {
        return bases.get(stage);
    }

    Stage stage(int index) {
        return dockerfile.stages().get(index);
    }

    /** The stage's instructions, the triggers of its base first. */
    List<PlannedInstruction> instructions(int stage) {
        return instructions.get(stage);
    }

    /** How progress and errors call the stage; empty where there is only one. */
    String label(int stage) {
        String name = dockerfile.stages().size() == 1 && stage(stage).name().isEmpty()
                ? ""
                : stage(stage).name().orElse("stage-" + stage);
        return options.isOneOfSeveral() ? (options.targetPlatform() + " " + name).strip() : name;
    }

    /** The stages that the target needs, itself included, in the order of the file. */
    Set<Integer> needed() throws DockerfileException {
        Set<Integer> needed = new TreeSet<>();
        Deque<Integer> pending = new ArrayDeque<>(List.of(target));
        if (allStages) {
            dockerfile.stages().forEach(stage -> pending.add(stage.index()));
        }
        while (!pending.isEmpty()) {
            int stage = pending.pop();
            if (needed.add(stage)) {
                pending.addAll(dependencies(stage));
            }
        }
        return needed;
    }

    /** The images that the needed stages start or copy from, each once. */
    List<ImageRequest> requests() throws DockerfileException {
        Map<ImageRequest.Key, ImageRequest> requests = new LinkedHashMap<>();
        for (int stage : needed()) {
            if (bases.get(stage) instanceof StageBase.Image(ImageRequest request)) {
                requests.putIfAbsent(request.key(), request);
            }
            for (StageBase source : sources(stage)) {
                if (source instanceof StageBase.Image(ImageRequest request)) {
                    requests.putIfAbsent(request.key(), request);
                }
            }
        }
        return List.copyOf(requests.values());
    }

    /**
     * Whether some RUN of the target's build works on this stage's filesystem, or on one derived from it or that it derives
     * from: its base then lies unpacked anyway.
     */
    boolean isRooted(int stage) throws DockerfileException {
        if (rooted.isEmpty()) {
            rooted = Optional.of(rooted());
        }
        return rooted.get().contains(stage);
    }

    /** Goes once over the stages, each behind its base: there may be a thousand, one on the other. */
    private Set<Integer> rooted() throws DockerfileException {
        Set<Integer> belowRun = new TreeSet<>();
        Set<Integer> aboveRun = new TreeSet<>();
        for (int stage : needed()) {
            boolean runs = instructions.get(stage).stream().anyMatch(i -> i.instruction() instanceof Run);
            if (runs) {
                addWithBases(stage, belowRun);
            }
            if (runs || earlierBase(stage).filter(aboveRun::contains).isPresent()) {
                aboveRun.add(stage);
            }
        }
        belowRun.addAll(aboveRun);
        return belowRun;
    }

    private void addWithBases(int stage, Set<Integer> stages) {
        Optional<Integer> next = Optional.of(stage);
        while (next.isPresent() && stages.add(next.get())) {
            next = earlierBase(next.get());
        }
    }

    private Optional<Integer> earlierBase(int stage) {
        return bases.get(stage) instanceof StageBase.Earlier(int earlier) ? Optional.of(earlier) : Optional.empty();
    }

    /** What {@code COPY --from} names: a stage before this one by name or number, else an image. */
    StageBase source(Copy copy, int stage) throws DockerfileException {
        String from = copy.from().orElseThrow();
        Optional<Integer> named = names.find(from);
        if (named.isEmpty() && StageNames.isNumber(from)) {
            throw new DockerfileException(
                    dockerfile.name(),
                    copy.range(),
                    "there is no stage " + from + ": stages count from 0, and this file has "
                            + dockerfile.stages().size());
        }
        if (named.isEmpty()) {
            return elsewhere(from, options.targetPlatform(), stage, copy.range());
        }
        if (named.get() >= stage) {
            throw new DockerfileException(
                    dockerfile.name(),
                    copy.range(),
                    "cannot copy from stage \"" + from + "\", it needs to be defined before current stage \""
                            + stage(stage).name().orElse("stage-" + stage) + "\"");
        }
        return new StageBase.Earlier(named.get());
    }

    /**
     * What the {@code from}s of a RUN's mounts name, in order: a stage before this one by name, else an image. BuildKit knows
     * no stage by its number here.
     */
    List<StageBase> mountSources(Run run, int stage) throws DockerfileException {
        List<StageBase> sources = new ArrayList<>();
        for (Word mount : run.mounts()) {
            Optional<String> from = mountFrom(mount, run.range());
            if (from.isPresent()) {
                sources.add(mountSource(from.get(), stage, run.range()));
            }
        }
        return sources;
    }

    private Optional<String> mountFrom(Word mount, SourceRange range) throws DockerfileException {
        try {
            return MountOptions.literalFrom(mount);
        } catch (ExpansionException e) {
            throw new DockerfileException(dockerfile.name(), range, e);
        }
    }

    private StageBase mountSource(String from, int stage, SourceRange range) throws DockerfileException {
        if (from.equals("scratch")) {
            return new StageBase.Scratch();
        }
        Optional<Integer> named = names.find(from);
        if (named.isEmpty()) {
            return elsewhere(from, options.targetPlatform(), stage, range);
        }
        if (StageNames.isNumber(from)) {
            throw new DockerfileException(
                    dockerfile.name(), range, "a mount takes a stage by its name, not by its number: from=" + from);
        }
        if (named.get() >= stage) {
            throw new DockerfileException(
                    dockerfile.name(),
                    range,
                    "cannot mount from stage \"" + from + "\": it must be defined before the stage that mounts it");
        }
        return new StageBase.Earlier(named.get());
    }

    /** The stages that a stage starts or copies from, by itself. */
    List<Integer> dependencies(int stage) throws DockerfileException {
        List<Integer> dependencies = new ArrayList<>();
        if (bases.get(stage) instanceof StageBase.Earlier(int earlier)) {
            dependencies.add(earlier);
        }
        for (StageBase source : sources(stage)) {
            if (source instanceof StageBase.Earlier(int earlier)) {
                dependencies.add(earlier);
            }
        }
        return dependencies;
    }

    /** What the instructions of a stage take files from, in order. */
    private List<StageBase> sources(int stage) throws DockerfileException {
        List<StageBase> sources = new ArrayList<>();
        for (PlannedInstruction planned : instructions.get(stage)) {
            if (planned.instruction() instanceof Copy copy && copy.from().isPresent()) {
                sources.add(source(copy, stage));
            } else if (planned.instruction() instanceof Run run) {
                sources.addAll(mountSources(run, stage));
            }
        }
        return sources;
    }

    private StageBase base(Stage stage) throws DockerfileException {
        Instruction.From from = stage.from();
        try {
            String name = globals.expand(from.image());
            if (name.isEmpty()) {
                throw new ExpansionException("the base name \"" + from.image() + "\" expands to nothing");
            }
            // Read first: one that makes no sense is an error whatever the stage starts from.
            Platform platform = platform(from);
            Optional<Integer> earlier = names.findBefore(name, stage.index());
            if (earlier.isPresent()) {
                return new StageBase.Earlier(earlier.get());
            }
            return name.equals("scratch")
                    ? new StageBase.Scratch()
                    : elsewhere(name, platform, stage.index(), from.range());
        } catch (ExpansionException e) {
            throw new DockerfileException(dockerfile.name(), from.range(), e);
        }
    }

    private Platform platform(Instruction.From from) throws ExpansionException {
        if (from.platform().isEmpty()) {
            return options.targetPlatform();
        }
        String text = globals.expand(from.platform().get());
        if (text.isEmpty()) {
            throw new ExpansionException("the platform \"" + from.platform().get() + "\" expands to nothing");
        }
        try {
            Platform platform = Platform.parse(text, options.buildPlatform());
            PlatformNames.note(platform)
                    .ifPresent(note ->
                            platformNotes.add(note + " (line " + from.range().firstLine() + ")"));
            return platform;
        } catch (IllegalArgumentException e) {
            throw new ExpansionException(String.valueOf(e.getMessage()), PlatformNames.near(text));
        }
    }

    private ImageName nameOf(String name, SourceRange range) throws DockerfileException {
        try {
            return ImageName.parse(name);
        } catch (IllegalArgumentException e) {
            throw new DockerfileException(dockerfile.name(), range, String.valueOf(e.getMessage()));
        }
    }

    /** The named context that a whole stage gives way to. */
    private Optional<StageBase> replacement(Stage stage) throws DockerfileException {
        Optional<String> name = stage.name();
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Platform platform = options.targetPlatform();
        Optional<NamedContext> context = contexts.find(name.get(), platform);
        return context.isEmpty()
                ? Optional.empty()
                : Optional.of(context(
                        context.get(),
                        name.get(),
                        platform,
                        stage.index(),
                        stage.from().range()));
    }

    /** What a name means that is no stage's: a named context, else an image. */
    private StageBase elsewhere(String name, Platform platform, int stage, SourceRange range)
            throws DockerfileException {
        Optional<NamedContext> context = contexts.find(name, platform);
        return context.isPresent()
                ? context(context.get(), name, platform, stage, range)
                : new StageBase.Image(new ImageRequest(
                        nameOf(name, range), platform, Optional.empty(), range, names.nearestBefore(name, stage)));
    }

    private StageBase context(NamedContext context, String name, Platform platform, int stage, SourceRange range)
            throws DockerfileException {
        return switch (context) {
            case NamedContext.Directory(var path) ->
                new StageBase.Fetched(name, new Origin.LocalDirectory(path), range);
            case NamedContext.Remote(var address) -> new StageBase.Fetched(name, origin(address, range), range);
            case NamedContext.Image(var image) ->
                image.isEmpty()
                        ? new StageBase.Scratch()
                        : new StageBase.Image(
                                new ImageRequest(image.get(), platform, Optional.empty(), range, Optional.empty()));
            case NamedContext.Layout layout ->
                new StageBase.Image(
                        new ImageRequest(nameOf(name, range), platform, Optional.of(layout), range, Optional.empty()));
            case NamedContext.Target(var target) -> {
                Optional<Integer> found = names.find(target);
                if (found.isEmpty() || found.get() >= stage) {
                    throw new DockerfileException(
                            dockerfile.name(),
                            range,
                            "the context " + name + " is target:" + target + ", which is no stage before this one");
                }
                yield new StageBase.Earlier(found.get());
            }
        };
    }

    private Origin origin(String address, SourceRange range) throws DockerfileException {
        try {
            return Origin.ofContext(address);
        } catch (IllegalArgumentException e) {
            throw new DockerfileException(dockerfile.name(), range, String.valueOf(e.getMessage()));
        }
    }
}
