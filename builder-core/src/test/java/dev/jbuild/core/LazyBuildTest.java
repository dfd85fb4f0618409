package dev.jbuild.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildResult;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageName;
import dev.jbuild.registry.DebianRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Dockerfile without RUN leaves its base in the registry: real requests to a real registry, written down on the way. */
@Tag("peer")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LazyBuildTest {
    /** Long enough to be sent while it is compressed; random bytes stay as long as they are. */
    private static final int LONG = 20 << 20;

    @TempDir
    Path folder;

    private DebianRegistry registry;
    private CountingProxy proxy;
    private Descriptor baseLayer;

    @BeforeEach
    void pushABase() throws Exception {
        registry = DebianRegistry.start(Files.createDirectories(folder.resolve("registry")));
        proxy = new CountingProxy(registry.host());
        try (Workplace workplace =
                new Workplace(Files.createDirectories(folder.resolve("publisher"))).file("etc/os-release", "x")) {
            BuildResult base = workplace.engine.build(
                    workplace
                            .request("FROM scratch", "COPY . /", "ENV BASE=yes")
                            .tag(ImageName.parse(registry.host() + "/team/base:1"))
                            .push(true)
                            .build(),
                    workplace.heard);
            baseLayer = workplace.layers(base).getFirst();
        }
    }

    @AfterEach
    void stop() {
        if (registry != null) {
            proxy.close();
            registry.close();
        }
    }

    @Test
    void aCopyOnABaseIsPushedWithoutEverReadingTheBasesLayers() throws Exception {
        try (Workplace workplace = workplace().file("app.jar", "application")) {
            BuildResult built = push(workplace);

            assertThat(workplace.layers(built)).hasSize(2).first().isEqualTo(baseLayer);
            assertThat(proxy.requests()).noneMatch(request -> request.startsWith("GET") && namesBaseLayer(request));
            assertThat(workplace.holds(baseLayer)).isFalse();
            assertThat(workplace.store.resolve("trees")).isEmptyDirectory();
        }
    }

    @Test
    void theBasesLayerIsMountedAndNotSent() throws Exception {
        try (Workplace workplace = workplace().file("app.jar", "application")) {
            push(workplace);

            assertThat(proxy.requests())
                    .anyMatch(request -> request.startsWith("POST /v2/team/app/blobs/uploads/")
                            && request.contains("mount=")
                            && request.contains("from=team"));
            assertThat(proxy.requests()).noneMatch(request -> request.startsWith("PUT") && namesBaseLayer(request));
        }
    }

    @Test
    void thePushedImageIsCompleteForSomebodyElse() throws Exception {
        BuildResult built;
        try (Workplace workplace = workplace().file("app.jar", "application")) {
            built = push(workplace);
        }
        try (Workplace other = new Workplace(Files.createDirectories(folder.resolve("other")))) {
            Descriptor pulled = other.engine
                    .images()
                    .pull(ImageName.parse(registry.host() + "/team/app:2"), Optional.empty(), other.heard);

            assertThat(pulled).isEqualTo(built.manifest());
            other.validate(pulled);
            assertThat(other.holds(baseLayer)).isTrue();
        }
    }

    @Test
    void anImageThatCannotBeHadIsToldWithTheLineThatAsksForIt() throws Exception {
        try (Workplace workplace = workplace()) {
            assertThatThrownBy(() -> workplace.engine.build(
                            workplace
                                    .request("FROM scratch AS one", "FROM " + registry.host() + "/team/none:1")
                                    .build(),
                            workplace.heard))
                    .isInstanceOfSatisfying(BuildException.class, failure -> {
                        assertThat(failure).hasMessageContaining("Dockerfile:2: there is no image ");
                        assertThat(failure.excerpt().orElseThrow()).contains("   2 | >>> FROM ");
                    });
        }
    }

    @Test
    void aSecondBuildAsksForNoDocumentAgain() throws Exception {
        try (Workplace workplace = workplace().file("app.jar", "application")) {
            BuildResult first = push(workplace);
            proxy.requests().clear();

            assertThat(push(workplace)).isEqualTo(first);
            assertThat(proxy.requests()).allMatch(request -> request.startsWith("HEAD"));
        }
    }

    @Test
    void aTagThatIsPushedAnewIsNotAskedForTheLayersThatItNames() throws Exception {
        try (Workplace workplace = workplace().file("app.jar", "old")) {
            push(workplace);
            proxy.requests().clear();
            Descriptor changed =
                    workplace.layers(push(workplace.file("app.jar", "new"))).getLast();

            assertThat(proxy.requests()).noneMatch(this::namesBaseLayer);
            assertThat(proxy.requests())
                    .anyMatch(request -> request.startsWith("HEAD")
                            && request.contains(changed.digest().hex()));
            assertThat(proxy.requests()).contains("PUT /v2/team/app/manifests/2");
        }
    }

    @Test
    void aLayerThatTheRegistryLostInSpiteOfItsTagIsSentAgain() throws Exception {
        BuildResult built;
        try (Workplace workplace = workplace().file("app.jar", "old").file("second", "kept")) {
            String[] lines = {"FROM scratch", "COPY second /", "COPY app.jar /"};
            Descriptor kept = workplace.layers(push(workplace, lines)).getFirst();
            assertThat(delete("team/app", kept)).isEqualTo(202);
            proxy.requests().clear();
            built = push(workplace.file("app.jar", "new"), lines);

            assertThat(proxy.requests())
                    .filteredOn("PUT /v2/team/app/manifests/2"::equals)
                    .hasSize(2);
        }
        try (Workplace other = new Workplace(Files.createDirectories(folder.resolve("other")))) {
            ImageName name = ImageName.parse(registry.host() + "/team/app:2");
            assertThat(other.engine.images().pull(name, Optional.empty(), other.heard))
                    .isEqualTo(built.manifest());
            other.validate(built.manifest());
        }
    }

    @Test
    void aCopyThatOnlyTheBaseCanPlaceReadsIt() throws Exception {
        try (Workplace workplace = workplace().file("file", "x")) {
            BuildResult built = workplace.engine.build(
                    workplace
                            .request("FROM " + proxy.host() + "/team/base:1", "COPY file /etc")
                            .tag(ImageName.parse(proxy.host() + "/team/app:3"))
                            .build(),
                    workplace.heard);

            workplace.validate(built.manifest());
            assertThat(proxy.requests()).anyMatch(request -> request.startsWith("GET") && namesBaseLayer(request));
            assertThat(workplace.heard.notes).anyMatch(note -> note.contains("/etc"));
        }
    }

    @Test
    void aLayerThatWasPushedBeforeIsMountedIntoAnotherRepository() throws Exception {
        try (Workplace workplace = workplaceWithALongFile()) {
            push(workplace, "team/one:1", false);
            assertThat(uploads("team/one")).hasSize(2).allMatch(upload -> upload.endsWith("/uploads/"));
            push(workplace, "team/two:1", false);

            assertOnlyTheConfigIsSentTo("team/two");
        }
    }

    @Test
    void theSameCopyMadeAnewIsMountedAndNotSentMeanwhile() throws Exception {
        try (Workplace workplace = workplaceWithALongFile()) {
            push(workplace, "team/one:1", false);
            push(workplace, "team/two:1", true);

            assertOnlyTheConfigIsSentTo("team/two");
        }
    }

    private void assertOnlyTheConfigIsSentTo(String repository) {
        assertThat(uploads(repository)).hasSize(2);
        assertThat(uploads(repository).getFirst()).contains("mount=").endsWith("from=team/one");
        assertThat(uploads(repository).getLast()).endsWith("/uploads/");
        assertThat(proxy.requests()).contains("PUT /v2/" + repository + "/manifests/1");
    }

    /** The uploads and mounts that were asked for, mounts first. */
    private List<String> uploads(String repository) {
        return proxy.requests().stream()
                .filter(request -> request.startsWith("POST /v2/" + repository + "/blobs/uploads/"))
                .sorted(Comparator.comparing((String request) -> !request.contains("mount=")))
                .toList();
    }

    private Workplace workplaceWithALongFile() throws Exception {
        Workplace workplace = workplace();
        Files.write(workplace.context.resolve("app.jar"), random(LONG, 1));
        return workplace;
    }

    private static byte[] random(int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private Workplace workplace() throws Exception {
        return new Workplace(Files.createDirectories(folder.resolve("workplace")));
    }

    private void push(Workplace workplace, String name, boolean anew) throws Exception {
        workplace.engine.build(
                workplace
                        .request("FROM scratch", "COPY app.jar /")
                        .tag(ImageName.parse(proxy.host() + "/" + name))
                        .noCache(anew)
                        .push(true)
                        .build(),
                workplace.heard);
    }

    private BuildResult push(Workplace workplace) throws Exception {
        return push(
                workplace,
                "FROM " + proxy.host() + "/team/base:1",
                "COPY app.jar /srv/app.jar",
                "LABEL org.example=yes");
    }

    private BuildResult push(Workplace workplace, String... dockerfile) throws Exception {
        return workplace.engine.build(
                workplace
                        .request(dockerfile)
                        .tag(ImageName.parse(proxy.host() + "/team/app:2"))
                        .push(true)
                        .build(),
                workplace.heard);
    }

    /** Takes a blob away from a repository; gives the registry's answer. */
    private int delete(String repository, Descriptor blob) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://" + registry.host() + "/v2/" + repository + "/blobs/" + blob.digest());
            return client.send(HttpRequest.newBuilder(uri).DELETE().build(), BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private boolean namesBaseLayer(String request) {
        return request.contains(baseLayer.digest().hex());
    }
}
