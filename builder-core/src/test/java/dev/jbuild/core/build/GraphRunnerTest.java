package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.jbuild.core.api.BuildException;
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
import dev.jbuild.layer.tar.LayerBlobWriter;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Platform;
import dev.jbuild.registry.RegistryClient;
import dev.jbuild.registry.RegistryOptions;
import dev.jbuild.registry.RemoteFiles;
import dev.jbuild.runtime.SearchPath;
import dev.jbuild.runtime.StepOutcome;
import dev.jbuild.runtime.StepOutput;
import dev.jbuild.runtime.StepRuntime;
import dev.jbuild.runtime.StepSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole graphs with RUN steps, on a runtime that runs nothing and writes a file named after the command instead. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class GraphRunnerTest {
    private final List<String> ran = new CopyOnWriteArrayList<>();
    private final Events events = new Events();
    private StepRuntime runtime = this::write;
    private Path folder;
    private Store store;
    private LayerBlobWriter blobWriter;
    private RegistryClient registry;
    private RemoteFiles files;

    @BeforeEach
    void open(@TempDir Path temporary) throws IOException {
        folder = temporary;
        Files.createDirectories(folder.resolve("context"));
        store = Store.open(folder.resolve("store"), Linux.system());
        blobWriter = new LayerBlobWriter(2);
        registry = new RegistryClient(RegistryOptions.defaults(), _ -> Optional.empty());
        files = new RemoteFiles(RegistryOptions.defaults());
    }

    @AfterEach
    void close() throws IOException {
        registry.close();
        files.close();
        blobWriter.close();
        store.close();
    }

    @Test
    void independentStagesRunSideBySide() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        runtime = (spec, output) -> {
            both.countDown();
            both.await();
            return write(spec, output);
        };

        build(
                "FROM scratch AS a",
                "RUN one",
                "FROM scratch AS b",
                "RUN two",
                "FROM scratch",
                "COPY --from=a / /",
                "COPY --from=b / /");

        assertThat(ran).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void aStageThatTwoOthersNeedRunsOnce() throws Exception {
        build(
                "FROM scratch AS base",
                "RUN shared",
                "FROM base AS a",
                "RUN one",
                "FROM base AS b",
                "RUN two",
                "FROM base",
                "COPY --from=a /one /",
                "COPY --from=b /two /");

        assertThat(ran).containsExactlyInAnyOrder("shared", "one", "two");
    }

    @Test
    void aStageThatIsNotNeededDoesNotRun() throws Exception {
        build("FROM scratch AS unused", "RUN never", "FROM scratch", "RUN yes");

        assertThat(ran).containsExactly("yes");
    }

    @Test
    void aCachedStepIsNotRunAgain() throws Exception {
        BuildResult first = build("FROM scratch", "RUN one", "RUN two");
        BuildResult second = build("FROM scratch", "RUN one", "RUN two");

        assertThat(second).isEqualTo(first);
        assertThat(ran).containsExactly("one", "two");
        assertThat(events.cached).containsExactly("[1/2] RUN one", "[2/2] RUN two");
    }

    @Test
    void aChangedStepRunsAgainWithAllThatFollow() throws Exception {
        build("FROM scratch", "RUN one", "RUN two", "RUN three");
        ran.clear();
        build("FROM scratch", "RUN one", "RUN 2", "RUN three");

        assertThat(ran).containsExactly("2", "three");
    }

    @Test
    void aStageThatWasRunAnewWithTheSameFilesKeepsTheCopyCached() throws Exception {
        String[] one = {"FROM scratch AS a", "ENV X=1", "RUN make", "FROM scratch", "COPY --from=a /make /m"};
        String[] two = {"FROM scratch AS a", "ENV X=2", "RUN make", "FROM scratch", "COPY --from=a /make /m"};
        BuildResult first = build(one);
        BuildResult second = build(two);

        assertThat(ran).containsExactly("make", "make");
        assertThat(events.cached).containsExactly("[stage-1 1/1] COPY --from=a /make /m");
        assertThat(second.manifest()).isEqualTo(first.manifest());
    }

    @Test
    void twoBuildsThatWantTheSameStepRunItOnce() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        runtime = (spec, output) -> {
            running.countDown();
            goOn.await();
            return write(spec, output);
        };
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<BuildResult> first = threads.submit(() -> build("FROM scratch", "RUN slow"));
            running.await();
            Future<BuildResult> second = threads.submit(() -> build("FROM scratch", "RUN slow"));
            goOn.countDown();

            assertThat(second.get()).isEqualTo(first.get());
        }
        assertThat(ran).containsExactly("slow");
    }

    @Test
    void aStepSeesTheLayersBelowItTopmostFirst() throws Exception {
        Files.writeString(folder.resolve("context/file"), "x");
        List<Integer> depths = new CopyOnWriteArrayList<>();
        runtime = (spec, output) -> {
            depths.add(spec.rootfs().lower().size());
            if (!spec.rootfs().lower().isEmpty()) {
                assertThat(spec.rootfs().lower().getFirst().resolve("file")).hasContent("x");
            }
            return write(spec, output);
        };
        build("FROM scratch", "RUN one", "COPY file /", "RUN two");

        assertThat(depths).containsExactly(0, 2);
    }

    @Test
    void aLinkedCopyIsKeptWhenItsBaseChanges() throws Exception {
        Files.writeString(folder.resolve("context/file"), "x");
        build("FROM scratch", "RUN one", "COPY --link file /dir/");
        build("FROM scratch", "RUN two", "COPY --link file /dir/");

        assertThat(events.cached).containsExactly("[2/2] COPY --link file /dir/");
        build("FROM scratch", "RUN three", "COPY --link --chmod=600 file /dir/");
        build("FROM scratch", "RUN four", "COPY --link --chmod=600 file /dir/");
        assertThat(events.cached).hasSize(1);
    }

    @Test
    void aLinkedCopyLiesOnTopOfWhatIsBelowItAndFollowsNoLinkThere() throws Exception {
        Files.writeString(folder.resolve("context/file"), "x");
        runtime = (spec, output) -> {
            if (command(spec).equals("base")) {
                Files.createSymbolicLink(spec.rootfs().upper().resolve("dir"), Path.of("/elsewhere"));
            } else {
                Path linked = spec.rootfs().lower().getFirst();
                assertThat(linked.resolve("dir")).isDirectory();
                assertThat(linked.resolve("dir/file")).hasContent("x");
            }
            return write(spec, output);
        };
        build("FROM scratch", "RUN base", "COPY --link file /dir/", "RUN look");

        assertThat(ran).containsExactly("base", "look");
    }

    @Test
    void aFailedStepIsToldWithItsLines() throws Exception {
        runtime = (_, _) -> new StepOutcome(3, Optional.empty(), List.of());
        BuildException failure =
                catchThrowableOfType(BuildException.class, () -> build("FROM scratch", "", "RUN make \\", "  all"));

        assertThat(failure)
                .hasMessage(
                        "Dockerfile:3: process \"/bin/sh -c make   all\" did not complete successfully: exit code: 3");
        assertThat(failure.excerpt().orElseThrow())
                .contains("3 | >>> RUN make \\")
                .contains("4 | >>>   all");
        assertThat(events.failed).hasSize(1);
    }

    @Test
    void aFailedStepIsNotCached() throws Exception {
        runtime = (_, _) -> new StepOutcome(1, Optional.empty(), List.of());
        assertThat(catchThrowableOfType(BuildException.class, () -> build("FROM scratch", "RUN x")))
                .isNotNull();
        runtime = this::write;
        build("FROM scratch", "RUN x");

        assertThat(ran).containsExactly("x");
    }

    @Test
    void aFailureStopsTheStageBesideIt() {
        CountDownLatch waiting = new CountDownLatch(1);
        runtime = (spec, _) -> {
            if (command(spec).equals("patient")) {
                waiting.countDown();
                new CountDownLatch(1).await();
            }
            waiting.await();
            return new StepOutcome(2, Optional.empty(), List.of());
        };
        BuildException failure = catchThrowableOfType(
                BuildException.class,
                () -> build(
                        "FROM scratch AS a",
                        "RUN patient",
                        "FROM scratch AS b",
                        "RUN failing",
                        "FROM scratch",
                        "COPY --from=a / /",
                        "COPY --from=b / /"));

        assertThat(failure).hasMessageContaining("exit code: 2");
    }

    @Test
    void aCommandThatCannotStartSaysWhy() {
        runtime = (_, _) -> new StepOutcome(127, Optional.of("there is no /bin/sh in the image"), List.of());

        assertThat(catchThrowableOfType(BuildException.class, () -> build("FROM scratch", "RUN x")))
                .hasMessageContaining("could not be started: there is no /bin/sh in the image");
    }

    @Test
    void whatTheBoxLackedIsNotedOnce() throws Exception {
        runtime = (spec, output) -> {
            StepOutcome outcome = write(spec, output);
            return new StepOutcome(outcome.exitCode(), Optional.empty(), List.of("no cgroups"));
        };
        build("FROM scratch", "RUN one", "RUN two");

        assertThat(events.notes).containsExactly("no cgroups");
    }

    private StepOutcome write(StepSpec spec, StepOutput output) throws IOException {
        String command = command(spec);
        ran.add(command);
        Files.writeString(spec.rootfs().upper().resolve(command), "made by " + command);
        return new StepOutcome(0, Optional.empty(), List.of());
    }

    private static String command(StepSpec spec) {
        return spec.argv().getLast();
    }

    private BuildResult build(String... lines) throws Exception {
        Path file = Files.writeString(folder.resolve("Dockerfile"), String.join("\n", lines) + "\n");
        BlobOrigins origins = new BlobOrigins(store.records(), registry);
        BuildTools tools = new BuildTools(
                store,
                Linux.system(),
                blobWriter,
                registry,
                origins,
                new ImageLoader(store, registry, origins),
                Fetchers.of(store, Linux.system(), files, "", LayerLimits.defaults()),
                Platform.parse("linux/amd64"),
                _ -> (spec, output) -> runtime.run(spec, output),
                SearchPath.of(""),
                InstantSource.system(),
                LayerLimits.defaults(),
                new LayerMemory(1),
                new LayerSlots(1),
                OutputStream.nullOutputStream());
        BuildRequest request = BuildRequest.of(folder.resolve("context"), file)
                .tag(ImageName.parse("test/graph"))
                .build();
        try (Tasks tasks = new Tasks()) {
            BuildResult result = new ImageBuild(tools, request, tasks, new Vertices(events, System::nanoTime)).run();
            new ImageValidator(LayerLimits.defaults()).requireValid(store.blobs(), result.manifest());
            return result;
        }
    }

    /** Keeps what was cached, failed and noted. */
    private static final class Events implements BuildListener {
        private final List<String> cached = new CopyOnWriteArrayList<>();
        private final List<String> failed = new CopyOnWriteArrayList<>();
        private final List<String> notes = new CopyOnWriteArrayList<>();
        private final Map<Integer, String> titles = new ConcurrentHashMap<>();

        @Override
        public void started(int vertex, String name) {
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
            failed.add(message);
        }

        @Override
        public void note(String text) {
            notes.add(text);
        }
    }
}
