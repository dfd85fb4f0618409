package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.api.BuildRequest;
import dev.jbuild.core.api.BuildResult;
import dev.jbuild.core.image.Image;
import dev.jbuild.core.plan.BaseImage;
import dev.jbuild.core.plan.BuildGraph;
import dev.jbuild.core.plan.CacheKey;
import dev.jbuild.core.plan.ImageRequest;
import dev.jbuild.core.plan.PlanOptions;
import dev.jbuild.core.plan.Planner;
import dev.jbuild.core.work.Tasks;
import dev.jbuild.core.work.Vertices;
import dev.jbuild.dockerfile.DockerfileException;
import dev.jbuild.layer.store.RecordStore;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/** One build from its request to its result: read, plan, carry out, assemble, deliver. */
public final class ImageBuild {
    private final BuildTools tools;
    private final BuildRequest request;
    private final Tasks tasks;
    private final Vertices vertices;

    public ImageBuild(BuildTools tools, BuildRequest request, Tasks tasks, Vertices vertices) {
        this.tools = tools;
        this.request = request;
        this.tasks = tasks;
        this.vertices = vertices;
    }

    public BuildResult run() throws IOException, BuildException, InterruptedException {
        try (OpenContext context = open();
                LocalDirectories directories = new LocalDirectories(tools);
                OpenTrees stages = new OpenTrees(tools.workshop(vertices::note));
                Spool spool = new Spool(tools.store());
                ContextTrees mounted = new ContextTrees(tools.workshop(vertices::note), context.tree());
                StepAgents agents = new StepAgents(tools.store(), tools.programs());
                // Closed first: no task may still read what is closed after it.
                Tasks _ = tasks) {
            BuildGraph graph = plan(context.definition());
            graph.notes().forEach(vertices::note);
            return deliver(graph, carryOut(context, graph, directories, mounted, agents, stages, spool));
        }
    }

    private OpenContext open() throws IOException, BuildException {
        Vertices.Vertex vertex = vertices.start(
                "[internal] load build definition from " + request.dockerfile().shown());
        try {
            OpenContext context = new ContextOpener(tools).open(request);
            vertex.done();
            return context;
        } catch (IOException | BuildException e) {
            vertex.failed(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private BuildGraph plan(BuildDefinition definition) throws IOException, BuildException, InterruptedException {
        PlanOptions options = new PlanOptions(
                request.buildArgs(),
                request.target(),
                request.contexts(),
                request.labels(),
                request.platform().orElse(tools.machine()),
                tools.machine(),
                request.noCache(),
                request.run().network(),
                request.grants().allowed());
        Planner planner = new Planner(definition.dockerfile(), options);
        try {
            Map<ImageRequest.Key, BaseImage> images =
                    new BaseImages(tools, tasks, vertices, request.pull()).resolve(planner);
            return planner.plan(images);
        } catch (DockerfileException e) {
            throw new BuildException(Kind.BUILD, String.valueOf(e.getMessage()), e.excerpt(definition.dockerfile()));
        }
    }

    private Snapshot carryOut(
            OpenContext context,
            BuildGraph graph,
            LocalDirectories directories,
            ContextTrees mounted,
            StepAgents agents,
            OpenTrees stages,
            Spool spool)
            throws IOException, BuildException, InterruptedException {
        BuildSite site = new BuildSite(
                tools.workshop(vertices::note),
                new StepRecords(tools.store().records()),
                tasks,
                vertices,
                context.tree(),
                context.definition().ignore(),
                context.hasher(),
                directories,
                mounted,
                agents,
                stages,
                spool,
                tools.fetchers(),
                tools.runtimes().apply(request.run()),
                request.run(),
                request.grants(),
                now(),
                request.sourceDateEpoch().orElse(0),
                tools.origins()::source);
        StepRunner steps = new StepRunner(site, ExportedChain.of(graph.result()));
        GraphRunner runner = new GraphRunner(
                tasks, steps, new FailureLocator(context.definition().dockerfile()));
        return tasks.join(runner.start(graph.result()));
    }

    private BuildResult deliver(BuildGraph graph, Snapshot result)
            throws IOException, BuildException, InterruptedException {
        Vertices.Vertex vertex = vertices.start("exporting to image");
        try {
            HistoryTimes times = new HistoryTimes(
                    firstTime(graph, result), request.sourceDateEpoch().isPresent());
            Image image = new ImageAssembler(tools.store(), graph, times).assemble(result);
            new Delivery(tools, request, tasks, vertices).deliver(image, result);
            vertex.done();
            return new BuildResult(image.descriptor(), image.manifest().config(), request.tags(), request.push());
        } catch (IOException | BuildException e) {
            vertex.failed(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    /** The time of an image without layers of its own: that of its first build, so that its digest stays. */
    private String firstTime(BuildGraph graph, Snapshot result) throws IOException {
        boolean hasOwnLayers =
                result.layers().stream().anyMatch(layer -> layer.remote().isEmpty());
        if (hasOwnLayers || request.sourceDateEpoch().isPresent()) {
            return now();
        }
        byte[] config =
                ImageConfig.empty(graph.platform()).withConfig(graph.config()).toBytes();
        CacheKey key = CacheKey.of("first-time")
                .leaf("config", Digest.of(config).toString())
                .leaf("history", graph.createdBy())
                .input(result.key())
                .build();
        RecordStore records = tools.store().records();
        Optional<byte[]> known = records.get(key.digest());
        if (known.isPresent()) {
            return new String(known.get(), StandardCharsets.US_ASCII);
        }
        String first = now();
        records.put(key.digest(), first.getBytes(StandardCharsets.US_ASCII));
        return first;
    }

    private String now() {
        Instant instant = request.sourceDateEpoch().isPresent()
                ? Instant.ofEpochSecond(request.sourceDateEpoch().getAsLong())
                : tools.clock().instant().truncatedTo(ChronoUnit.MICROS);
        return instant.toString();
    }
}
