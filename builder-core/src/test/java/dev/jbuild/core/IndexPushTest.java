package dev.jbuild.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.core.api.BuildResult;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.MediaTypes;
import dev.jbuild.oci.Platform;
import dev.jbuild.registry.DebianRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An image of several platforms in a registry: an index, and each of its images under its own digest. */
@Tag("peer")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class IndexPushTest {
    private static final Path SKOPEO = Path.of("/usr/bin/skopeo");

    @TempDir
    Path folder;

    private DebianRegistry registry;
    private ImageName name;

    @BeforeEach
    void start() throws Exception {
        registry = DebianRegistry.start(Files.createDirectories(folder.resolve("registry")));
        name = ImageName.parse(registry.host() + "/team/app:1");
    }

    @AfterEach
    void stop() {
        if (registry != null) {
            registry.close();
        }
    }

    @Test
    void skopeoFindsTheImageOfEachPlatform() throws Exception {
        assumeTrue(Files.isExecutable(SKOPEO), "needs skopeo: apt install skopeo");
        Descriptor index = push("one");

        assertThat(index.mediaType()).isEqualTo(MediaTypes.OCI_INDEX);
        for (String architecture : List.of("amd64", "arm64")) {
            assertThat(skopeo("inspect", "--override-arch", architecture, "--config", "--tls-verify=false"))
                    .contains("\"architecture\": \"" + architecture + "\"")
                    .contains("PLATFORM=linux/" + architecture);
        }
        assertThat(skopeo("inspect", "--raw", "--tls-verify=false")).contains(MediaTypes.OCI_INDEX);
    }

    @Test
    void anIndexThatIsPushedAnewUnderItsTagIsWholeForSomebodyElse() throws Exception {
        push("one");
        Descriptor index = push("two");

        try (Workplace other = new Workplace(Files.createDirectories(folder.resolve("other")))) {
            for (String platform : List.of("linux/amd64", "linux/arm64")) {
                Descriptor pulled =
                        other.engine.images().pull(name, Optional.of(Platform.parse(platform)), other.heard);
                assertThat(pulled).isNotEqualTo(index);
                other.validate(pulled);
            }
        }
    }

    /** Builds and pushes the index, and gives its descriptor. */
    private Descriptor push(String content) throws Exception {
        try (Workplace workplace =
                new Workplace(Files.createDirectories(folder.resolve("workplace"))).file("file", content)) {
            BuildResult built = workplace.engine.build(
                    workplace
                            .request(
                                    "FROM scratch", "ARG TARGETPLATFORM", "COPY file /", "ENV PLATFORM=$TARGETPLATFORM")
                            .platform(Platform.parse("linux/amd64"))
                            .platform(Platform.parse("linux/arm64"))
                            .tag(name)
                            .push(true)
                            .build(),
                    workplace.heard);
            workplace.validate(built.manifest());
            return built.manifest();
        }
    }

    private String skopeo(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(SKOPEO.toString()));
        command.addAll(List.of(words));
        command.add("docker://" + name);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
