package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.fetch.FetchedTree;
import dev.jbuild.core.fetch.GitLogins;
import dev.jbuild.core.plan.BaseImage;
import dev.jbuild.core.plan.CacheKey;
import dev.jbuild.core.plan.Node;
import dev.jbuild.core.plan.Origin;
import dev.jbuild.core.plan.Step;
import dev.jbuild.core.work.Vertices;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.store.PreparedTree;
import dev.jbuild.layer.store.StoreLock;
import dev.jbuild.layer.tar.WrittenLayer;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.ContainerConfig;
import dev.jbuild.oci.Digest;
import dev.jbuild.runtime.StepUsage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Does one step: finds its result in the cache, or makes it and puts it there. */
final class StepRunner {
    private static final int ID_DIGITS = 32;

    private final BuildSite site;
    private final ExportedChain exported;
    private final RunExecutor runs;
    private final CopyExecutor copies;

    /** @param exported the nodes whose layers go into the image */
    StepRunner(BuildSite site, ExportedChain exported) {
        this.site = site;
        this.exported = exported;
        this.runs = new RunExecutor(site);
        this.copies = new CopyExecutor(site);
    }

    Snapshot scratch() {
        return new Snapshot(StepKeys.scratch(), List.of(), Set.of(), Set.of());
    }

    /** Names an image's layers; none is fetched before something needs it. */
    Snapshot pull(Node node, Step.Pull pull) {
        Vertices.Vertex vertex = site.vertices().start(node.title());
        BaseImage image = pull.image();
        BlobSource repository = site.repositories().apply(image.name());
        List<Layer> layers = new ArrayList<>();
        ChainId chain = ChainId.EMPTY;
        for (int i = 0; i < image.manifest().layers().size(); i++) {
            Digest diffId = image.config().diffIds().get(i);
            chain = chain.with(diffId);
            WrittenLayer blob =
                    new WrittenLayer(diffId, image.manifest().layers().get(i));
            layers.add(Layer.ofImage(site.workshop(), layers, chain.treeId(), blob, repository, image.name()));
        }
        vertex.done();
        ContainerConfig config = image.config().config();
        Set<EntryPath> present = directories(config.workingDir());
        // Under a USER of its own the base's WORKDIR likely belongs to that user.
        boolean ownsWorkdir = !config.user().isEmpty() && !config.user().equals("root");
        return new Snapshot(StepKeys.pull(image), layers, present, ownsWorkdir ? present : Set.of());
    }

    /** Brings files from elsewhere into the store; they are a filesystem of one layer. */
    Snapshot fetch(Node node, Step.Fetch fetch) throws IOException, BuildException {
        return switch (fetch.origin()) {
            case Origin.HttpFile file ->
                fetched(node, () -> site.fetchers().http().fetch(file, node.fresh()));
            case Origin.GitTree tree ->
                fetched(node, () -> site.fetchers().git().fetch(tree, new GitLogins(site.grants()), node.fresh()));
            case Origin.LocalDirectory directory -> local(node, directory);
        };
    }

    @FunctionalInterface
    private interface Fetching {
        FetchedTree fetch() throws IOException, BuildException;
    }

    private Snapshot fetched(Node node, Fetching fetching) throws IOException, BuildException {
        Vertices.Vertex vertex = site.vertices().start(node.title());
        try {
            FetchedTree tree = fetching.fetch();
            if (tree.reused()) {
                vertex.cached();
            } else {
                vertex.done();
            }
            // The tree is the same whenever it is fetched, so an image that starts from it has no time of this build.
            String created = Instant.EPOCH.toString();
            Layer layer = Layer.ofTree(site.workshop(), List.of(), tree.treeId(), Optional.empty(), created, _ -> {});
            return new Snapshot(StepKeys.fetched(tree.treeId()), List.of(layer), Set.of(), Set.of());
        } catch (IOException | BuildException e) {
            vertex.failed(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    /** A directory is copied whole, as {@code COPY . /} would, unless its files are those of an earlier build. */
    private Snapshot local(Node node, Origin.LocalDirectory directory) throws IOException, BuildException {
        Vertices.Vertex vertex = site.vertices().start(node.title());
        try {
            CopyExecutor.Found found = copies.findAll(site.directories().open(directory.path()));
            CacheKey key = StepKeys.directoryContent(found.content());
            Snapshot empty = scratch();
            Optional<Layer> earlier = site.records().find(key).map(record -> known(key, empty, record));
            boolean reused = earlier.isPresent() && earlier.get().isAvailable();
            Layer layer = reused ? earlier.get() : recipe(key, empty, copies.placeAll(found));
            vertex.done();
            return new Snapshot(key, List.of(layer), Set.of(), Set.of());
        } catch (IOException | BuildException e) {
            vertex.failed(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    /** @param inputs the filesystems that the step's mounts take files from */
    Snapshot run(Node node, Step.Run step, Snapshot parent, List<CopySource.Awaited> inputs)
            throws IOException, BuildException, InterruptedException {
        RunMounts mounts = new RunMounts(site, step, new MountSources(site, inputs, node.fresh()));
        CacheKey key = StepKeys.run(step, site.run().addHosts(), mounts.keys(), parent.key());
        return cachedOr(node, key, parent, vertex -> {
            try (PreparedTree tree = site.workshop().store().trees().prepare()) {
                StepUsage usage = runs.run(step, mounts, parent, tree, vertex);
                String treeId = freeTreeId(key);
                site.workshop().store().trees().publish(treeId, tree);
                Layer.Made remember = remember(key, site.now(), Optional.of(usage));
                Layer layer =
                        Layer.ofTree(site.workshop(), parent.layers(), treeId, Optional.empty(), site.now(), remember);
                remember.made(layer);
                return layer;
            }
        });
    }

    Snapshot makeDirectory(Node node, Step.MakeDirectory step, Snapshot parent)
            throws IOException, BuildException, InterruptedException {
        CacheKey key = StepKeys.directory(step, node.rooted(), site.createdSeconds(), parent.key());
        Snapshot made = cachedOr(node, key, parent, _ -> recipe(key, parent, copies.makeDirectory(node, step, parent)));
        Set<EntryPath> present = new HashSet<>(made.present());
        present.addAll(directories(step.path()));
        return new Snapshot(made.key(), made.layers(), present, made.peculiar());
    }

    Snapshot copy(Node node, Step.CopyFiles copy, Snapshot parent, CopySource source)
            throws IOException, BuildException, InterruptedException {
        return switch (source) {
            case CopySource.Context() -> copy(node, copy, parent, copies.findInContext(copy));
            case CopySource.Stage(var awaited) -> copyFromStage(node, copy, parent, awaited.get());
            case CopySource.Fetched(var awaited) -> {
                List<Snapshot> fetched = new ArrayList<>();
                for (CopySource.Awaited one : awaited) {
                    fetched.add(one.get());
                }
                yield copy(node, copy, parent, copies.findWithFetched(copy, fetched));
            }
        };
    }

    private Snapshot copy(Node node, Step.CopyFiles copy, Snapshot parent, CopyExecutor.Found found)
            throws IOException, BuildException, InterruptedException {
        Snapshot ground = ground(copy, parent);
        CacheKey key = StepKeys.copy(copy, found.content(), node.rooted(), site.createdSeconds(), ground.key());
        Snapshot made = cachedOr(node, key, ground, _ -> recipe(key, ground, copies.place(node, copy, found, ground)));
        return onto(parent, ground, made);
    }

    /** The stage's files are looked at only when the stage itself is not the one that was copied from before. */
    private Snapshot copyFromStage(Node node, Step.CopyFiles copy, Snapshot parent, Snapshot stage)
            throws IOException, BuildException, InterruptedException {
        CacheKey sources = StepKeys.copyFrom(copy, stage.key());
        Optional<Digest> content = site.records().findContent(sources);
        if (content.isPresent() && !node.fresh()) {
            Snapshot ground = ground(copy, parent);
            CacheKey key = StepKeys.copy(copy, content.get(), node.rooted(), site.createdSeconds(), ground.key());
            Optional<Snapshot> cached = cached(node, key, ground);
            if (cached.isPresent()) {
                return onto(parent, ground, cached.get());
            }
        }
        if (stage.layers().isEmpty()) {
            throw new BuildException(Kind.BUILD, "the stage that is copied from has no files: it starts from scratch");
        }
        CopyExecutor.Found found = copies.findInStage(copy, site.stages().of(stage));
        site.records().putContent(sources, found.content());
        return copy(node, copy, parent, found);
    }

    /**
     * What a copy's layer is made on. A linked one is made on nothing, so that it serves on whatever base; only where an owner
     * is named must the base say who that is.
     */
    private Snapshot ground(Step.CopyFiles copy, Snapshot parent) {
        return copy.standsAlone() && copy.owner().map(Ids::isNumeric).orElse(true) ? scratch() : parent;
    }

    private static Snapshot onto(Snapshot parent, Snapshot ground, Snapshot made) {
        return ground.equals(parent) ? made : parent.merged(made);
    }

    /** Makes a step's layer. */
    @FunctionalInterface
    private interface Maker {
        Layer make(Vertices.Vertex vertex) throws IOException, BuildException, InterruptedException;
    }

    /** Two builds that want the same step do it once: the second finds the first's result. */
    private Snapshot cachedOr(Node node, CacheKey key, Snapshot parent, Maker maker)
            throws IOException, BuildException, InterruptedException {
        Optional<Snapshot> cached = node.fresh() ? Optional.empty() : cached(node, key, parent);
        if (cached.isPresent()) {
            return cached.get();
        }
        try (StoreLock _ = site.workshop().store().lock("step " + key.digest())) {
            Optional<Snapshot> meanwhile = node.fresh() ? Optional.empty() : cached(node, key, parent);
            return meanwhile.isPresent() ? meanwhile.get() : parent.with(key, make(node, maker));
        }
    }

    private Layer make(Node node, Maker maker) throws IOException, BuildException, InterruptedException {
        Vertices.Vertex vertex = site.vertices().start(node.title());
        try {
            Layer layer = maker.make(vertex);
            vertex.done();
            compressEarly(node, layer);
            return layer;
        } catch (IOException | BuildException e) {
            vertex.failed(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    /** A layer of the result is compressed, and sent where it is to be pushed, while later steps run. */
    private void compressEarly(Node node, Layer layer) {
        if (exported.contains(node)) {
            site.early().begin(layer);
        }
    }

    private Optional<Snapshot> cached(Node node, CacheKey key, Snapshot parent) throws IOException {
        Optional<StepRecord> record = site.records().find(key);
        if (record.isEmpty()) {
            return Optional.empty();
        }
        Layer layer = known(key, parent, record.get());
        if (!layer.isAvailable()) {
            return Optional.empty();
        }
        site.vertices().start(node.title()).cached();
        return Optional.of(parent.with(key, layer));
    }

    private Layer known(CacheKey key, Snapshot parent, StepRecord found) {
        return Layer.ofTree(
                site.workshop(),
                parent.layers(),
                found.treeId(),
                found.layer(),
                found.created(),
                remember(key, found.created(), found.usage()));
    }

    /** What is copied makes the same blob each time, as long as its times are the same. */
    private Layer recipe(CacheKey key, Snapshot parent, LayerSource entries) throws IOException {
        Optional<WrittenLayer> earlier = site.records().find(key).flatMap(StepRecord::layer);
        return Layer.ofRecipe(
                site.workshop(),
                parent.layers(),
                freeTreeId(key),
                new Layer.Recipe(entries, earlier),
                site.now(),
                remember(key, site.now(), Optional.empty()));
    }

    private Layer.Made remember(CacheKey key, String created, Optional<StepUsage> usage) {
        return layer -> site.records().put(key, new StepRecord(layer.treeId(), layer.written(), created, usage));
    }

    /** Named after the key; a step that is run anew leaves the earlier result to those who use it. */
    private String freeTreeId(CacheKey key) throws IOException {
        return site.workshop()
                .store()
                .trees()
                .freeId("step-" + key.digest().hex().substring(0, ID_DIGITS));
    }

    private static Set<EntryPath> directories(String path) {
        Set<EntryPath> directories = new HashSet<>();
        if (path.contains("..")) {
            return directories;
        }
        EntryPath directory = EntryPath.cleaned(path.getBytes(StandardCharsets.UTF_8));
        for (; !directory.isRoot(); directory = directory.parent()) {
            directories.add(directory);
        }
        return directories;
    }
}
