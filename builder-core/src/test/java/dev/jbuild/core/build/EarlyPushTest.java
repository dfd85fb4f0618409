package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildRequest;
import dev.jbuild.core.work.Tasks;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageName;
import dev.jbuild.registry.DebianRegistry;
import dev.jbuild.registry.RegistryException;
import dev.jbuild.runtime.StepOutcome;
import dev.jbuild.runtime.StepOutput;
import dev.jbuild.runtime.StepRuntime;
import dev.jbuild.runtime.StepSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Layers on their way to a real registry while the build still runs; what is there is read from the registry's own folder. */
@Tag("peer")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EarlyPushTest {
    private static final int LONG = 20 << 20;

    @TempDir
    Path folder;

    private DebianRegistry registry;
    private StepRuntime runtime = (_, _) -> new StepOutcome(0, Optional.empty(), List.of());
    private TestBuilds builds;

    @BeforeEach
    void start() throws IOException {
        registry = DebianRegistry.start(Files.createDirectories(folder.resolve("registry")));
        builds = new TestBuilds(folder, (spec, output) -> runtime.run(spec, output));
    }

    @AfterEach
    void stop() throws IOException {
        builds.close();
        registry.close();
    }

    @Test
    void aLayerIsInTheRegistryBeforeTheNextStepEnds() throws Exception {
        runtime = this::waitForALayer;
        Files.writeString(builds.context().resolve("file"), "content");

        TestBuilds.Built built = push("app", "FROM scratch", "COPY file /", "RUN wait");

        assertThat(manifests("app")).isNotEmpty();
        assertThat(layersIn("app")).contains(hex(built, 0), hex(built, 1));
    }

    @Test
    void aLongLayerArrivesWhole() throws Exception {
        Files.write(builds.context().resolve("file"), random(LONG));

        TestBuilds.Built built = push("app", "FROM scratch", "COPY file /");

        try (Stream<Path> kept = Files.walk(registry.storage())) {
            Path data = kept.filter(path -> path.endsWith(hex(built, 0) + "/data"))
                    .findFirst()
                    .orElseThrow();
            assertThat(Files.size(data)).isGreaterThan(LONG);
        }
        assertThat(manifests("app")).isNotEmpty();
    }

    /** The layer waits in the middle for its beginning to come to the registry; that the build may ask for it first changes nothing. */
    @Test
    void aLongLayerIsSentWhileItIsWrittenWhoeverAsksForItFirst() throws Exception {
        BuildTools tools = builds.tools();
        BuildRequest request = to(registry.host() + "/app:1")
                .apply(BuildRequest.of(builds.context(), folder.resolve("Dockerfile")))
                .build();
        LayerSource entries = sink -> {
            sink.put(file("begun", LONG), new ByteArrayInputStream(random(LONG)));
            waitForBytes();
            sink.put(file("rest", 1), new ByteArrayInputStream(random(1)));
        };
        try (Tasks tasks = new Tasks()) {
            Layer layer = Layer.ofRecipe(
                    tools.workshop(_ -> {}),
                    List.of(),
                    "made-here",
                    new Layer.Recipe(entries, Optional.empty()),
                    "",
                    _ -> {});
            EarlyPush early = EarlyPush.of(tools, request, tasks);
            early.begin(layer);

            Digest blob = layer.blob().descriptor().digest();

            early.settle(blob);
            assertThat(layersIn("app")).containsExactly(blob.hex());
        }
    }

    /** Bytes of an upload that is not at its end, as they lie on the registry's disk. */
    private void waitForBytes() throws IOException {
        try {
            for (int i = 0; i < 2000; i++) {
                for (Path upload : list("app", "_uploads")) {
                    Path data = upload.resolve("data");
                    if (Files.exists(data) && Files.size(data) > 0) {
                        return;
                    }
                }
                Thread.sleep(10);
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
        throw new IOException("nothing comes to the registry");
    }

    private static LayerEntry file(String name, int size) {
        return LayerEntry.file(EntryPath.of(name), 0644, size);
    }

    @Test
    void aBuildThatFailsPublishesNothing() throws Exception {
        runtime = (spec, output) -> {
            waitForALayer(spec, output);
            return new StepOutcome(1, Optional.empty(), List.of());
        };
        Files.writeString(builds.context().resolve("file"), "content");

        assertThatExceptionOfType(BuildException.class)
                .isThrownBy(() -> push("app", "FROM scratch", "COPY file /", "RUN fail"));
        assertThat(manifests("app")).isEmpty();
    }

    @Test
    void aRegistryThatIsAwayFailsTheBuildOnlyAtItsEnd() throws Exception {
        Path ran = folder.resolve("ran");
        runtime = (_, _) -> {
            Files.writeString(ran, "yes");
            return new StepOutcome(0, Optional.empty(), List.of());
        };
        Files.writeString(builds.context().resolve("file"), "content");
        HttpServer denied = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        denied.createContext("/", exchange -> {
            exchange.sendResponseHeaders(403, -1);
            exchange.close();
        });
        denied.start();
        String name = "127.0.0.1:" + denied.getAddress().getPort() + "/app:1";

        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(() -> builds.build(to(name), "FROM scratch", "COPY file /", "RUN x"))
                .withMessageContaining("403");
        denied.stop(0);
        assertThat(ran).exists();
        assertThat(builds.events.said).anyMatch(said -> said.startsWith("pushing "));
    }

    private TestBuilds.Built push(String repository, String... lines) throws Exception {
        return builds.build(to(registry.host() + "/" + repository + ":1"), lines);
    }

    private static UnaryOperator<BuildRequest.Draft> to(String name) {
        return draft -> draft.tag(ImageName.parse(name)).push(true);
    }

    private StepOutcome waitForALayer(StepSpec spec, StepOutput output) throws IOException, InterruptedException {
        while (layersIn("app").isEmpty()) {
            Thread.sleep(10);
        }
        Files.writeString(spec.rootfs().upper().resolve("made"), "later");
        return new StepOutcome(0, Optional.empty(), List.of());
    }

    /** The tags of the repository. */
    private List<Path> manifests(String repository) throws IOException {
        return list(repository, "_manifests/tags");
    }

    /** The hex digits of the blobs that the repository has whole. */
    private List<String> layersIn(String repository) throws IOException {
        return list(repository, "_layers/sha256").stream()
                .map(path -> path.getFileName().toString())
                .toList();
    }

    private List<Path> list(String repository, String folder) throws IOException {
        Path path = registry.storage().resolve("docker/registry/v2/repositories/" + repository + "/" + folder);
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> names = Files.list(path)) {
            return names.toList();
        }
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private static String hex(TestBuilds.Built built, int layer) {
        return built.blobs().get(layer).digest().hex();
    }
}
