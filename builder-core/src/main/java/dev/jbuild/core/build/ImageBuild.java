package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildRequest;
import dev.jbuild.core.api.BuildResult;
import dev.jbuild.core.image.FinishedImage;
import dev.jbuild.core.plan.BuildGraph;
import dev.jbuild.core.plan.CacheKey;
import dev.jbuild.core.plan.PlanOptions;
import dev.jbuild.core.plan.Planner;
import dev.jbuild.core.plan.Survey;
import dev.jbuild.core.work.Tasks;
import dev.jbuild.core.work.Vertices;
import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.DockerfileException;
import dev.jbuild.dockerfile.lint.DockerfileRules;
import dev.jbuild.dockerfile.lint.Findings;
import dev.jbuild.layer.store.RecordStore;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.oci.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;

/** One build from its request to its result: read, plan, carry out, assemble, deliver. */
public final class ImageBuild {
    private final BuildTools tools;
    private final BuildRequest request;
    private final Tasks tasks;
    private final Vertices vertices;
    private final EarlyPush early;
    private final Set<String> noted = new HashSet<>();

    public ImageBuild(BuildTools tools, BuildRequest request, Tasks tasks, Vertices vertices) {
        this.tools = tools;
        this.request = request;
        this.tasks = tasks;
        this.vertices = vertices;
        this.early = EarlyPush.of(tools, request, tasks);
    }

    public BuildResult run() throws IOException, BuildException, InterruptedException {
        Planning planning = new Planning(tools, request, tasks, vertices);
        try (OpenContext context = planning.open();
                LocalDirectories directories = new LocalDirectories(tools);
                OpenTrees stages = new OpenTrees(tools.workshop(vertices::note));
                Spool spool = new Spool(tools.store(), tools.linux(), tools.limits());
                ContextTrees mounted = new ContextTrees(tools.workshop(vertices::note), context.tree());
                StepAgents agents = new StepAgents(tools.store(), tools.programs());
                // Closed first: no task may still read what is closed after it.
                Tasks _ = tasks) {
            return deliver(carryOut(
                    context, plan(planning, context.definition()), directories, mounted, agents, stages, spool));
        }
    }

    /** What is built for one platform, as it was asked for. */
    private record PlatformPlan(Platform platform, BuildGraph graph) {}

    /** Each platform has a plan of its own: its arguments and base images differ. */
    private List<PlatformPlan> plan(Planning planning, BuildDefinition definition)
            throws IOException, BuildException, InterruptedException {
        List<Platform> platforms = request.platforms().isEmpty() ? List.of(tools.machine()) : request.platforms();
        List<PlatformPlan> plans = new ArrayList<>();
        for (Platform platform : platforms) {
            BuildGraph graph = plan(planning, definition, planning.options(platform, platforms.size() > 1));
            graph.notes().forEach(this::noteOnce);
            plans.add(new PlatformPlan(platform, graph));
        }
        return plans;
    }

    private BuildGraph plan(Planning planning, BuildDefinition definition, PlanOptions options)
            throws IOException, BuildException, InterruptedException {
        Dockerfile dockerfile = definition.dockerfile();
        Findings findings = planning.findings(dockerfile);
        Planner planner = new Planner(dockerfile, options);
        try {
            DockerfileRules.check(dockerfile, findings);
            Survey survey = new Survey(findings, definition.ignore());
            planner.checkFroms(survey);
            BuildGraph graph = planner.plan(planning.images(planner, dockerfile), survey);
            Planning.refuse(findings);
            return graph;
        } catch (DockerfileException e) {
            throw Planning.located(e, dockerfile);
        } finally {
            tell(findings);
        }
    }

    private void tell(Findings findings) {
        findings.notes().forEach(this::noteOnce);
        findings.list().forEach(finding -> noteOnce(finding.line()));
        int count = findings.list().size();
        if (count > 0) {
            noteOnce(count + (count == 1 ? " warning" : " warnings") + " found (jbuild check shows the lines)");
        }
    }

    /** The plans of several platforms mostly find the same. */
    private void noteOnce(String text) {
        if (noted.add(text)) {
            vertices.note(text);
        }
    }

    /** Starts all platforms, then waits for each. */
    private List<PlatformResult> carryOut(
            OpenContext context,
            List<PlatformPlan> plans,
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
                early,
                tools.fetchers(),
                tools.runtimes().apply(request.run()),
                request.run(),
                request.grants(),
                now(),
                request.sourceDateEpoch().orElse(0),
                tools.origins()::source);
        List<Future<Snapshot>> running = new ArrayList<>();
        for (PlatformPlan plan : plans) {
            StepRunner steps =
                    new StepRunner(site, ExportedChain.of(plan.graph().result()));
            GraphRunner runner = new GraphRunner(
                    tasks, steps, new FailureLocator(context.definition().dockerfile()));
            running.add(runner.start(plan.graph().result()));
        }
        List<PlatformResult> results = new ArrayList<>();
        for (int i = 0; i < plans.size(); i++) {
            PlatformPlan plan = plans.get(i);
            results.add(new PlatformResult(plan.platform(), plan.graph(), tasks.join(running.get(i))));
        }
        return results;
    }

    private BuildResult deliver(List<PlatformResult> results) throws IOException, BuildException, InterruptedException {
        Vertices.Vertex vertex = vertices.start("exporting to image");
        try {
            List<HistoryTimes> times = new ArrayList<>();
            for (PlatformResult result : results) {
                times.add(new HistoryTimes(
                        firstTime(result.graph(), result.filesystem()),
                        request.sourceDateEpoch().isPresent()));
            }
            noteTimesInVain();
            Exports exports = new Exports(
                    tools.workshop(vertices::note), results, times, request.sourceDateEpoch(), results.size() > 1);
            FinishedImage image = new Delivery(tools, request, tasks, vertices, early).deliver(exports, results);
            vertex.done();
            Descriptor config = image.isIndex()
                    ? image.descriptor()
                    : image.images().getFirst().manifest().config();
            return new BuildResult(image.descriptor(), config, request.tags(), request.push());
        } catch (IOException | BuildException e) {
            vertex.failed(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private void noteTimesInVain() {
        boolean asked = request.form().rewritesTimes()
                || request.outputs().stream().anyMatch(output -> output.form().rewritesTimes());
        if (asked && request.sourceDateEpoch().isEmpty()) {
            vertices.note("rewrite-timestamp has no effect without SOURCE_DATE_EPOCH");
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
