package dev.jbuild.core.plan;

import dev.jbuild.core.plan.BuildGraph.HistoryLine;
import dev.jbuild.dockerfile.SourceRange;
import dev.jbuild.dockerfile.Stage;
import dev.jbuild.oci.ContainerConfig;
import dev.jbuild.oci.History;
import dev.jbuild.oci.ImageConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Makes what a stage begins with from what its FROM names. */
final class StageStart {
    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final PlanContext context;

    StageStart(PlanContext context) {
        this.context = context;
    }

    StageResult of(Stage stage, StepTitles titles) {
        return switch (context.table().base(stage.index())) {
            case StageBase.Scratch() -> withoutImage(empty(stage.from().range()), List.of());
            case StageBase.Fetched(String name, Origin origin, SourceRange range) -> {
                Node files = fetched(origin, range);
                // BuildKit tells in the history of a layer that no instruction made by what made it.
                String createdBy = "[context " + name + "] load from client";
                yield withoutImage(files, List.of(new HistoryLine.Made(createdBy, Optional.of(files))));
            }
            case StageBase.Earlier(int earlier) -> continued(known(earlier));
            case StageBase.Image(ImageRequest request) -> image(stage, request, titles);
        };
    }

    /** The filesystem of an image that a COPY takes files from. */
    Node pulled(ImageRequest request) {
        BaseImage image = known(request);
        return new Node(
                context.nodes().number(),
                new Step.Pull(image),
                List.of(),
                "FROM " + image.name().at(image.descriptor().digest()),
                request.range(),
                true,
                false);
    }

    /** The filesystem that holds what is fetched from elsewhere. */
    Node fetched(Origin origin, SourceRange range) {
        return new Node(
                context.nodes().number(),
                new Step.Fetch(origin),
                List.of(),
                "fetching " + origin.shown(),
                range,
                true,
                context.options().noCache());
    }

    /** The filesystem without any file. */
    Node empty(SourceRange range) {
        return new Node(context.nodes().number(), new Step.Scratch(), List.of(), "FROM scratch", range, true, false);
    }

    /** A stage whose filesystem comes with no config. */
    private StageResult withoutImage(Node filesystem, List<HistoryLine> history) {
        ContainerConfig config = ContainerConfig.EMPTY.copy().workingDir("/").build();
        ImageConfig image =
                ImageConfig.empty(context.options().targetPlatform()).withConfig(config);
        return begin(filesystem, image, history);
    }

    private StageResult image(Stage stage, ImageRequest request, StepTitles titles) {
        BaseImage image = known(request);
        Node pull = new Node(
                context.nodes().number(),
                new Step.Pull(image),
                List.of(),
                titles.next("FROM " + image.name() + "@" + image.descriptor().digest()),
                stage.from().range(),
                true,
                false);
        return begin(pull, image.config(), inherited(image.config()));
    }

    /**
     * The history of a base image with one entry for each of its layers, whatever it tells itself: entries beyond its layers
     * become those of instructions without one, and for layers that it leaves out entries are added (OCI image-spec, "Image
     * Configuration", {@code history}).
     */
    private static List<HistoryLine> inherited(ImageConfig image) {
        int missing = image.diffIds().size();
        List<HistoryLine> lines = new ArrayList<>();
        for (History entry : image.history()) {
            boolean hasLayer = !entry.emptyLayer() && missing > 0;
            lines.add(new HistoryLine.Inherited(entry.withEmptyLayer(!hasLayer)));
            missing -= hasLayer ? 1 : 0;
        }
        History untold = new History(image.created(), "", "", "", false);
        lines.addAll(Collections.nCopies(missing, new HistoryLine.Inherited(untold)));
        return lines;
    }

    private StageResult begin(Node filesystem, ImageConfig image, List<HistoryLine> history) {
        ContainerConfig config = image.config();
        if (!config.environment().containsKey("PATH")) {
            config = config.withEnv("PATH", DEFAULT_PATH);
        }
        // Triggers fire in this stage and are not passed on (ONBUILD's rule).
        config = config.copy().onBuild(List.of()).build();
        Scope scope = new Scope(context.expander());
        scope.setAll(config.environment());
        return new StageResult(filesystem, image.author(), config, history, scope, List.of());
    }

    /** As BuildKit has it, a stage begins with the environment of its base on top of the arguments that come with it. */
    private static StageResult continued(StageResult earlier) {
        Scope scope = earlier.scope().copy();
        scope.setAll(earlier.config().environment());
        return new StageResult(
                earlier.filesystem(),
                earlier.author(),
                earlier.config().copy().onBuild(List.of()).build(),
                earlier.history(),
                scope,
                earlier.buildArgs());
    }

    private StageResult known(int stage) {
        StageResult result = context.results().get(stage);
        if (result == null) {
            throw new IllegalStateException("stage " + stage + " is planned after one that needs it");
        }
        return result;
    }

    private BaseImage known(ImageRequest request) {
        BaseImage image = context.images().get(request.key());
        if (image == null) {
            throw new IllegalStateException("the plan was asked for without image " + request.name());
        }
        return image;
    }
}
