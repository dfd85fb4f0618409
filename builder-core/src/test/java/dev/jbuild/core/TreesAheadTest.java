package dev.jbuild.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildResult;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageName;
import dev.jbuild.registry.DebianRegistry;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The layers of a base come and are unpacked beside each other; a real registry, with a gate before it. */
@Tag("peer")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class TreesAheadTest {
    @TempDir
    Path folder;

    private DebianRegistry registry;
    private CountingProxy proxy;
    private List<Descriptor> layers;

    @BeforeEach
    void pushABase() throws Exception {
        registry = DebianRegistry.start(Files.createDirectories(folder.resolve("registry")));
        proxy = new CountingProxy(registry.host());
        try (Workplace publisher =
                workplace("publisher").file("one", "1").file("two", "2").file("three", "3")) {
            BuildResult base = publisher.engine.build(
                    publisher
                            .request("FROM scratch", "COPY one /a/", "COPY two /a/", "COPY three /a/")
                            .tag(ImageName.parse(registry.host() + "/team/base:1"))
                            .push(true)
                            .build(),
                    publisher.heard);
            layers = publisher.layers(base);
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
    void noLayerWaitsForTheOneBelowItToArrive() throws Exception {
        CyclicBarrier allThree = new CyclicBarrier(3);
        proxy.gate(request -> {
            if (isLayer(request)) {
                pass(allThree);
            }
        });
        try (Workplace workplace = workplace("workplace")) {
            workplace.validate(copyFromBase(workplace).manifest());
        }
        assertThat(proxy.requests()).filteredOn(this::isLayer).hasSize(3);
    }

    @Test
    void aLayerIsUnpackedWhileThatBelowItIsStillToCome() throws Exception {
        try (Workplace workplace = workplace("workplace")) {
            proxy.gate(request -> {
                if (request.startsWith("GET") && names(layers.getFirst(), request)) {
                    awaitFile(workplace.store.resolve("sessions"), "fs/a/two");
                }
            });
            workplace.validate(copyFromBase(workplace).manifest());
        }
    }

    private static void awaitFile(Path folder, String end) {
        try {
            for (int i = 0; i < 400; i++) {
                try (Stream<Path> files = Files.walk(folder)) {
                    if (files.anyMatch(file -> file.endsWith(end))) {
                        return;
                    }
                } catch (UncheckedIOException e) {
                    // A session is at work there: what was listed may be gone.
                    assertThat(e).hasCauseInstanceOf(NoSuchFileException.class);
                }
                Thread.sleep(50);
            }
        } catch (Exception e) {
            throw new IllegalStateException("cannot look into " + folder, e);
        }
        throw new IllegalStateException("no " + end + " in " + folder);
    }

    @Test
    void aLayerThatDoesNotComeEndsTheBuildAndTheNextOneGoesOn() throws Exception {
        Descriptor lost = layers.get(1);
        proxy.gate(request -> {
            if (request.startsWith("GET") && names(lost, request)) {
                throw new IllegalStateException("the connection breaks");
            }
        });
        try (Workplace workplace = workplace("workplace")) {
            assertThatThrownBy(() -> copyFromBase(workplace))
                    .isInstanceOf(BuildException.class)
                    .hasMessageContaining(lost.digest().toString());
            assertThat(workplace.holds(lost)).isFalse();

            proxy.gate(_ -> {});
            workplace.validate(copyFromBase(workplace).manifest());
        }
    }

    private BuildResult copyFromBase(Workplace workplace) throws Exception {
        return workplace.engine.build(
                workplace
                        .request("FROM scratch", "COPY --from=" + proxy.host() + "/team/base:1 /a /b")
                        .tag(ImageName.parse("app"))
                        .build(),
                workplace.heard);
    }

    private Workplace workplace(String name) throws Exception {
        return new Workplace(Files.createDirectories(folder.resolve(name)));
    }

    private boolean isLayer(String request) {
        return request.startsWith("GET") && layers.stream().anyMatch(layer -> names(layer, request));
    }

    private static boolean names(Descriptor blob, String request) {
        return request.contains(blob.digest().hex());
    }

    private static void pass(CyclicBarrier barrier) {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the layers are not asked for at once", e);
        }
    }
}
