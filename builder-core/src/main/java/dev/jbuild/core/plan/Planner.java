package dev.jbuild.core.plan;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.DockerfileException;
import dev.jbuild.dockerfile.ExpansionException;
import dev.jbuild.dockerfile.ParseLimits;
import dev.jbuild.dockerfile.WordExpander;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a graph of steps from a Dockerfile. Pure: what it must know of base images is asked for by
 * {@link #missingImages} and given to {@link #plan}.
 */
public final class Planner {
    private final Dockerfile dockerfile;
    private final PlanOptions options;
    private final boolean allStages;

    public Planner(Dockerfile dockerfile, PlanOptions options) {
        this(dockerfile, options, false);
    }

    private Planner(Dockerfile dockerfile, PlanOptions options, boolean allStages) {
        this.dockerfile = dockerfile;
        this.options = options;
        this.allStages = allStages;
    }

    /** A planner that also looks at the stages that the last one does not need, unless a target is given. */
    public static Planner forCheck(Dockerfile dockerfile, PlanOptions options) {
        return new Planner(dockerfile, options, options.target().isEmpty());
    }

    /** The lint rules about FROM lines that need no base image to be known. */
    public void checkFroms(Survey survey) throws DockerfileException {
        new FromRules(dockerfile, options, survey.findings()).check();
    }

    /**
     * The images that a plan still needs to know. Known images may ask for more of them: their ONBUILD triggers copy from
     * other images.
     */
    public List<ImageRequest> missingImages(Map<ImageRequest.Key, BaseImage> known)
            throws DockerfileException, BuildException {
        return table(known).requests().stream()
                .filter(request -> !known.containsKey(request.key()))
                .toList();
    }

    /** The graph of the target and of the stages that it needs. */
    public BuildGraph plan(Map<ImageRequest.Key, BaseImage> images) throws DockerfileException, BuildException {
        return plan(images, Survey.unheard());
    }

    /**
     * The graph of the target and of the stages that it needs.
     *
     * @param survey hears of the lint rules that are broken, also when the plan then fails
     */
    public BuildGraph plan(Map<ImageRequest.Key, BaseImage> images, Survey survey)
            throws DockerfileException, BuildException {
        return plan(table(images), images, survey);
    }

    /** What the target can be given: its arguments, secrets, SSH agents and caches. */
    public Outline outline(Map<ImageRequest.Key, BaseImage> images) throws DockerfileException, BuildException {
        StageTable table = table(images);
        Survey survey = Survey.unheard();
        plan(table, images, survey);
        try {
            return new OutlinePlanner(dockerfile, table, survey).outline();
        } catch (ExpansionException e) {
            throw new IllegalStateException("a word of a planned Dockerfile cannot be expanded", e);
        }
    }

    private StageTable table(Map<ImageRequest.Key, BaseImage> images) throws DockerfileException, BuildException {
        return new StageTable(dockerfile, options, images, allStages);
    }

    private BuildGraph plan(StageTable table, Map<ImageRequest.Key, BaseImage> images, Survey survey)
            throws DockerfileException, BuildException {
        Map<Integer, StageResult> results = new HashMap<>();
        UsedArgs used = new UsedArgs(options.buildArgs().keySet());
        dockerfile
                .globalArgs()
                .forEach(arg -> arg.definitions().forEach(d -> used.use(d.key().text())));
        WordExpander expander = new WordExpander(dockerfile.directives().escape(), ParseLimits.DEFAULT);
        PlanContext context = new PlanContext(
                dockerfile.name(), table, options, images, new Nodes(), results, used, survey, expander);
        FromRules froms = new FromRules(dockerfile, options, survey.findings());
        for (int stage : table.needed()) {
            survey.begin(stage, table.base(stage), dockerfile, options, table.globals());
            froms.checkPlatform(table.stage(stage).from(), table.base(stage), images);
            results.put(stage, new StagePlanner(context, table.stage(stage)).plan());
        }
        StageResult target = results.get(table.target());
        if (target == null) {
            throw new IllegalStateException("the target is not among the stages that it needs");
        }
        List<String> notes = new ArrayList<>(used.notes());
        notes.addAll(table.notes());
        return finish(target, notes);
    }

    private BuildGraph finish(StageResult result, List<String> notes) {
        var config = result.config();
        for (Map.Entry<String, String> label : options.labels().entrySet()) {
            config = config.withLabel(label.getKey(), label.getValue());
        }
        // Whatever the base image is for: the image is for whom it was asked for, as BuildKit has it.
        return new BuildGraph(
                result.filesystem(), options.targetPlatform(), result.author(), config, result.history(), notes);
    }
}
