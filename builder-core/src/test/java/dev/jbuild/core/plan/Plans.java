package dev.jbuild.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.Entitlement;
import dev.jbuild.core.api.NamedContext;
import dev.jbuild.core.plan.BuildGraph.HistoryLine;
import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.DockerfileException;
import dev.jbuild.dockerfile.ParseLimits;
import dev.jbuild.oci.ContainerConfig;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.History;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.MediaTypes;
import dev.jbuild.oci.Platform;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A Dockerfile to plan, with what is said beside it and the base images that exist. */
final class Plans {
    static final Platform AMD64 = Platform.parse("linux/amd64");
    static final Platform ARM64 = Platform.parse("linux/arm64");

    private final String text;
    private final Map<String, String> buildArgs = new LinkedHashMap<>();
    private final Map<String, NamedContext> contexts = new LinkedHashMap<>();
    private final Map<String, String> labels = new LinkedHashMap<>();
    private final Map<ImageRequest.Key, BaseImage> images = new HashMap<>();
    private Optional<String> target = Optional.empty();
    private Platform platform = AMD64;
    private boolean noCache;
    private final Set<String> noCacheStages = new HashSet<>();
    private boolean oneOfSeveral;
    private String network = "default";
    private Set<Entitlement> allowed = Set.of();

    private Plans(String text) {
        this.text = text;
    }

    static Plans of(String... lines) {
        return new Plans(String.join("\n", lines) + "\n");
    }

    /** A stage on {@code scratch} with these instructions after its FROM, which is line 1. */
    static Plans scratch(String... lines) {
        return of("FROM scratch\n" + String.join("\n", lines));
    }

    Plans arg(String name, String value) {
        buildArgs.put(name, value);
        return this;
    }

    Plans context(String name, NamedContext value) {
        contexts.put(name, value);
        return this;
    }

    Plans label(String key, String value) {
        labels.put(key, value);
        return this;
    }

    Plans target(String stage) {
        target = Optional.of(stage);
        return this;
    }

    Plans platform(Platform value) {
        platform = value;
        return this;
    }

    Plans noCache() {
        noCache = true;
        return this;
    }

    Plans noCache(String stage) {
        noCacheStages.add(stage);
        return this;
    }

    Plans oneOfSeveral() {
        oneOfSeveral = true;
        return this;
    }

    Plans network(String value) {
        network = value;
        return this;
    }

    Plans allow(Entitlement... entitlements) {
        allowed = Set.of(entitlements);
        return this;
    }

    Plans image(String name, ContainerConfig config) {
        return image(name, platform, config);
    }

    /** An image of one layer and one history entry. */
    Plans image(String name, Platform of, ContainerConfig config) {
        ImageName imageName = ImageName.parse(name);
        images.put(new ImageRequest.Key(imageName, of), base(imageName, of, config));
        return this;
    }

    /** An image of one layer whose history tells something else. */
    Plans image(String name, History... history) {
        ImageName imageName = ImageName.parse(name);
        BaseImage image = base(imageName, platform, ContainerConfig.EMPTY, List.of(history));
        images.put(new ImageRequest.Key(imageName, platform), image);
        return this;
    }

    static BaseImage base(ImageName name, Platform platform, ContainerConfig config) {
        History entry = new History(Optional.of("2020-01-02T03:04:05Z"), "ADD of " + name, "", "", false);
        return base(name, platform, config, List.of(entry));
    }

    private static BaseImage base(ImageName name, Platform platform, ContainerConfig config, List<History> history) {
        byte[] layer = ("layer of " + name).getBytes(StandardCharsets.UTF_8);
        ImageConfig image =
                new ImageConfig(platform, Optional.empty(), "Base Author", config, List.of(Digest.of(layer)), history);
        Manifest manifest = Manifest.oci(
                Descriptor.of(MediaTypes.OCI_CONFIG, image.toBytes()),
                List.of(Descriptor.of(MediaTypes.OCI_LAYER_GZIP, layer)),
                Map.of());
        return new BaseImage(name, Descriptor.of(MediaTypes.OCI_MANIFEST, manifest.toBytes()), manifest, image);
    }

    Planner planner() throws DockerfileException {
        Dockerfile dockerfile =
                Dockerfile.parse("Dockerfile", text.getBytes(StandardCharsets.UTF_8), ParseLimits.DEFAULT);
        return new Planner(dockerfile, options());
    }

    PlanOptions options() {
        return new PlanOptions(
                buildArgs,
                target,
                contexts,
                labels,
                platform,
                oneOfSeveral,
                AMD64,
                noCache,
                noCacheStages,
                network,
                allowed);
    }

    BuildGraph plan() throws DockerfileException, BuildException {
        return planner().plan(images);
    }

    /** Familiar names of the images that a plan still lacks. */
    List<String> missing() throws DockerfileException, BuildException {
        return planner().missingImages(images).stream()
                .map(request -> request.name().familiar())
                .toList();
    }

    ContainerConfig config() throws DockerfileException, BuildException {
        return plan().config();
    }

    /** The steps that lead to the result, the first one first; what they copy from is left out. */
    List<Node> chain() throws DockerfileException, BuildException {
        List<Node> chain = new ArrayList<>();
        Node node = plan().result();
        chain.add(node);
        while (!node.inputs().isEmpty()) {
            node = node.parent();
            chain.addFirst(node);
        }
        return chain;
    }

    /** What is fetched for the last step, in order. */
    List<Origin> origins() throws DockerfileException, BuildException {
        return plan().result().inputs().stream()
                .map(Node::step)
                .filter(Step.Fetch.class::isInstance)
                .map(step -> ((Step.Fetch) step).origin())
                .toList();
    }

    List<String> titles() throws DockerfileException, BuildException {
        return chain().stream().map(Node::title).toList();
    }

    /** The last step, of that type. */
    <T extends Step> T last(Class<T> type) throws DockerfileException, BuildException {
        Step step = plan().result().step();
        assertThat(step).isInstanceOf(type);
        return type.cast(step);
    }

    /** What this build adds to the history, in order. */
    List<String> history() throws DockerfileException, BuildException {
        return made().stream().map(HistoryLine.Made::createdBy).toList();
    }

    List<HistoryLine.Made> made() throws DockerfileException, BuildException {
        return plan().history().stream()
                .filter(HistoryLine.Made.class::isInstance)
                .map(HistoryLine.Made.class::cast)
                .toList();
    }

    /** Why the plan is refused, with the line that it is refused for. */
    String refusal() {
        DockerfileException failure = catchThrowableOfType(DockerfileException.class, this::plan);
        assertThat(failure).as("the refusal of " + text).isNotNull();
        return failure.range().firstLine() + ": " + failure.sentence();
    }
}
