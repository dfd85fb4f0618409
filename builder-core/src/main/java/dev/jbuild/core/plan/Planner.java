package dev.jbuild.core.plan;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.DockerfileException;
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

    public Planner(Dockerfile dockerfile, PlanOptions options) {
        this.dockerfile = dockerfile;
        this.options = options;
    }

    /**
     * The images that a plan still needs to know. Known images may ask for more of them: their ONBUILD triggers copy from
     * other images.
     */
    public List<ImageRequest> missingImages(Map<ImageRequest.Key, BaseImage> known)
            throws DockerfileException, BuildException {
        return new StageTable(dockerfile, options, known)
                .requests().stream()
                        .filter(request -> !known.containsKey(request.key()))
                        .toList();
    }

    /** The graph of the target and of the stages that it needs. */
    public BuildGraph plan(Map<ImageRequest.Key, BaseImage> images) throws DockerfileException, BuildException {
        StageTable table = new StageTable(dockerfile, options, images);
        Map<Integer, StageResult> results = new HashMap<>();
        UsedArgs used = new UsedArgs(options.buildArgs().keySet());
        dockerfile
                .globalArgs()
                .forEach(arg -> arg.definitions().forEach(d -> used.use(d.key().text())));
        PlanContext context = new PlanContext(dockerfile.name(), table, options, images, new Nodes(), results, used);
        for (int stage : table.needed()) {
            results.put(stage, new StagePlanner(context, table.stage(stage)).plan());
        }
        StageResult target = results.get(table.target());
        if (target == null) {
            throw new IllegalStateException("the target is not among the stages that it needs");
        }
        return finish(target, used);
    }

    private BuildGraph finish(StageResult result, UsedArgs used) {
        var config = result.config();
        for (Map.Entry<String, String> label : options.labels().entrySet()) {
            config = config.withLabel(label.getKey(), label.getValue());
        }
        return new BuildGraph(
                result.filesystem(), result.platform(), result.author(), config, result.history(), used.notes());
    }
}
