package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.api.ContainerRequest;
import dev.jbuild.core.image.Image;
import dev.jbuild.core.work.Vertices;
import dev.jbuild.layer.store.PreparedTree;
import dev.jbuild.layer.tar.WrittenLayer;
import dev.jbuild.layer.tree.StackedTree;
import dev.jbuild.layer.tree.UpperTree;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.ContainerConfig;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.runtime.Network;
import dev.jbuild.runtime.ProcessUser;
import dev.jbuild.runtime.Rootfs;
import dev.jbuild.runtime.StepOutcome;
import dev.jbuild.runtime.StepOutput;
import dev.jbuild.runtime.StepRuntime;
import dev.jbuild.runtime.StepSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Runs a command in an image, in the box of a step; what it changes is gone when it ends. */
public final class ImageRun {
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final BuildTools tools;
    private final ContainerRequest request;
    private final Vertices vertices;

    public ImageRun(BuildTools tools, ContainerRequest request, Vertices vertices) {
        this.tools = tools;
        this.request = request;
        this.vertices = vertices;
    }

    public StepOutcome run(StepOutput output) throws IOException, BuildException, InterruptedException {
        Image image = tools.images().load(request.image(), tools.machine(), false);
        ImageConfig config = tools.images().config(request.image(), image);
        LayerWorkshop workshop = tools.workshop(vertices::note);
        List<Layer> layers = layers(workshop, image, config);
        List<Path> lower = LayerWorkshop.trees(layers);
        try (PreparedTree tree = tools.store().trees().prepare()) {
            Ids.Identity identity = identity(config.config(), tree.fs(), lower);
            StepSpec spec = spec(config.config(), new Rootfs(lower, tree.fs(), tree.work()), identity);
            StepRuntime runtime = tools.runtimes().apply(request.run());
            StepOutcome outcome = new StepRoots(workshop, request.run().roots())
                    .run(spec, layers, tree, rooted -> runtime.run(rooted, output));
            outcome.notes().forEach(vertices::note);
            return outcome;
        }
    }

    private List<Layer> layers(LayerWorkshop workshop, Image image, ImageConfig config) {
        BlobSource repository = tools.origins().source(request.image());
        List<Layer> layers = new ArrayList<>();
        ChainId chain = ChainId.EMPTY;
        for (int i = 0; i < image.manifest().layers().size(); i++) {
            chain = chain.with(config.diffIds().get(i));
            WrittenLayer blob = new WrittenLayer(
                    config.diffIds().get(i), image.manifest().layers().get(i));
            layers.add(Layer.ofImage(workshop, layers, chain.treeId(), blob, repository, request.image()));
        }
        return layers;
    }

    private Ids.Identity identity(ContainerConfig config, Path upper, List<Path> lower)
            throws IOException, BuildException {
        String user = request.user().orElse(config.user());
        if (lower.isEmpty()) {
            return new Ids(UserDatabase.EMPTY).identity(user);
        }
        try (StackedTree below = StackedTree.open(tools.linux(), lower)) {
            UpperTree.prepare(tools.linux(), upper, below);
            return new Ids(UserDatabase.read(below)).identity(user);
        }
    }

    private StepSpec spec(ContainerConfig config, Rootfs rootfs, Ids.Identity identity) throws BuildException {
        String configured = config.workingDir().startsWith("/") ? config.workingDir() : "/" + config.workingDir();
        return new StepSpec(
                rootfs,
                request.mounts(),
                argv(config),
                environment(config, identity),
                request.directory().orElse(configured),
                new ProcessUser(identity.uid(), identity.gid(), identity.groups()),
                Network.valueOf(request.run().network().toUpperCase(Locale.ROOT)),
                request.hostname(),
                Hosts.of(request.run().addHosts()),
                request.run().limits(),
                request.run().security(),
                request.input(),
                request.run().resolver());
    }

    /** As docker run: an own entry point takes the image's command away with the image's entry point. */
    private List<String> argv(ContainerConfig config) throws BuildException {
        List<String> argv = new ArrayList<>();
        if (request.entrypoint().isPresent()) {
            request.entrypoint().filter(word -> !word.isEmpty()).ifPresent(argv::add);
        } else {
            argv.addAll(config.entrypoint());
        }
        boolean ofImage = request.command().isEmpty() && request.entrypoint().isEmpty();
        argv.addAll(ofImage ? config.cmd() : request.command());
        if (argv.isEmpty() || argv.getFirst().isEmpty()) {
            throw new BuildException(
                    Kind.USAGE, "the image " + request.image() + " has no command of its own: give one after its name");
        }
        return argv;
    }

    private Map<String, String> environment(ContainerConfig config, Ids.Identity identity) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", PATH);
        environment.put("HOME", identity.home());
        List<String> assignments = new ArrayList<>(config.env());
        assignments.addAll(request.environment());
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            // An image's list may hold anything; a line without a name sets nothing.
            if (equals > 0) {
                environment.put(assignment.substring(0, equals), assignment.substring(equals + 1));
            }
        }
        return environment;
    }
}
