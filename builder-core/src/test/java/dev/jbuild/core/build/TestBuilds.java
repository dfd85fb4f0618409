package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildListener;
import dev.jbuild.core.api.BuildRequest;
import dev.jbuild.core.api.BuildResult;
import dev.jbuild.core.fetch.Fetchers;
import dev.jbuild.core.image.BlobOrigins;
import dev.jbuild.core.image.ImageLoader;
import dev.jbuild.core.work.Tasks;
import dev.jbuild.core.work.Vertices;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerMemory;
import dev.jbuild.layer.image.ImageValidator;
import dev.jbuild.layer.store.Store;
import dev.jbuild.layer.tar.LayerBlobReader;
import dev.jbuild.layer.tar.LayerBlobWriter;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.Platform;
import dev.jbuild.registry.RegistryClient;
import dev.jbuild.registry.RegistryOptions;
import dev.jbuild.registry.RemoteFiles;
import dev.jbuild.runtime.SearchPath;
import dev.jbuild.runtime.StepRuntime;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** Builds of Dockerfiles, without running a program, in a store and a context of their own; each image is validated. */
final class TestBuilds implements AutoCloseable {
    final Events events = new Events();
    private final Path folder;
    private final StepRuntime runtime;
    private final Store store;
    private final LayerBlobWriter blobWriter = new LayerBlobWriter(1);
    private final RegistryClient registry = new RegistryClient(RegistryOptions.defaults(), _ -> Optional.empty());
    private final RemoteFiles files = new RemoteFiles(RegistryOptions.defaults());

    TestBuilds(Path folder) throws IOException {
        this(folder, (_, _) -> {
            throw new IllegalStateException("these builds run nothing");
        });
    }

    /** @param runtime what runs commands instead */
    TestBuilds(Path folder, StepRuntime runtime) throws IOException {
        this.folder = folder;
        this.runtime = runtime;
        this.store = Store.open(folder.resolve("store"), Linux.system());
        Files.createDirectories(context());
    }

    Path context() {
        return folder.resolve("context");
    }

    /** What a build left, with its layers' blobs and entries. */
    record Built(BuildResult result, List<Descriptor> blobs, List<RecordedLayer> layers) {
        RecordedLayer last() {
            return layers.getLast();
        }
    }

    Built build(String... lines) throws Exception {
        return build(UnaryOperator.identity(), lines);
    }

    Built build(UnaryOperator<BuildRequest.Draft> more, String... lines) throws Exception {
        Path file = Files.writeString(folder.resolve("Dockerfile"), String.join("\n", lines) + "\n");
        return build(more.apply(BuildRequest.of(context(), file)).build());
    }

    Built build(BuildRequest request) throws Exception {
        try (Tasks tasks = new Tasks()) {
            BuildResult result = new ImageBuild(tools(), request, tasks, new Vertices(events, System::nanoTime)).run();
            new ImageValidator(LayerLimits.defaults()).requireValid(store.blobs(), result.manifest());
            Manifest manifest = manifest(result);
            return new Built(result, manifest.layers(), layers(manifest));
        }
    }

    BuildTools tools() {
        BlobOrigins origins = new BlobOrigins(store.records(), registry);
        return new BuildTools(
                store,
                Linux.system(),
                blobWriter,
                registry,
                origins,
                new ImageLoader(store, registry, origins),
                Fetchers.of(
                        store,
                        Linux.system(),
                        files,
                        System.getProperty("jbuild.path", "/usr/bin:/bin"),
                        LayerLimits.defaults()),
                Platform.parse("linux/amd64"),
                _ -> runtime,
                SearchPath.of(""),
                InstantSource.system(),
                LayerLimits.defaults(),
                new LayerMemory(1),
                new LayerSlots(1),
                OutputStream.nullOutputStream());
    }

    private Manifest manifest(BuildResult result) throws IOException {
        byte[] document = store.blobs().read(result.manifest(), Manifest.MAX_BYTES);
        return Manifest.parse(document, result.manifest().mediaType(), "manifest");
    }

    private List<RecordedLayer> layers(Manifest manifest) throws IOException {
        ImageConfig config = ImageConfig.parse(store.blobs().read(manifest.config(), ImageConfig.MAX_BYTES), "config");
        List<RecordedLayer> layers = new ArrayList<>();
        for (int i = 0; i < manifest.layers().size(); i++) {
            layers.add(RecordedLayer.of(new LayerBlobReader(
                    store.blobs(), manifest.layers().get(i), config.diffIds().get(i), LayerLimits.defaults())));
        }
        return layers;
    }

    @Override
    public void close() throws IOException {
        files.close();
        registry.close();
        blobWriter.close();
        store.close();
    }

    /** Keeps what was cached, and all that was said. */
    static final class Events implements BuildListener {
        final List<String> cached = new CopyOnWriteArrayList<>();
        final List<String> said = new CopyOnWriteArrayList<>();
        private final Map<Integer, String> titles = new ConcurrentHashMap<>();

        @Override
        public void started(int vertex, String name) {
            said.add(name);
            titles.put(vertex, name);
        }

        @Override
        public void output(int vertex, Stream stream, byte[] buffer, int offset, int length) {}

        @Override
        public void cached(int vertex) {
            cached.add(String.valueOf(titles.get(vertex)));
        }

        @Override
        public void done(int vertex, Duration took) {}

        @Override
        public void failed(int vertex, String message) {
            said.add(message);
        }

        @Override
        public void note(String text) {
            said.add(text);
        }
    }
}
