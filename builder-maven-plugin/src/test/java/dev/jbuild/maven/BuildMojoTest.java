package dev.jbuild.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.artifact.DefaultArtifact;
import org.apache.maven.artifact.handler.DefaultArtifactHandler;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.descriptor.PluginDescriptor;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.apache.maven.toolchain.Toolchain;
import org.apache.maven.toolchain.ToolchainManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The goal with the real engine, started from the jars of this module's class path. */
final class BuildMojoTest {
    @TempDir
    private Path directory;

    private final List<String> log = new ArrayList<>();
    private final BuildMojo mojo = new BuildMojo(new NoToolchains());

    /** A Maven without toolchains: the engine's JDK is then the one that runs this test. */
    private static final class NoToolchains implements ToolchainManager {
        @Override
        public Toolchain getToolchainFromBuildContext(String type, MavenSession context) {
            throw new AssertionError("the engine's JDK does not depend on the build's");
        }

        @Override
        public List<Toolchain> getToolchains(MavenSession session, String type, Map<String, String> requirements) {
            return List.of();
        }
    }

    @BeforeEach
    void configure() throws IOException {
        Files.writeString(directory.resolve("Dockerfile"), """
                FROM scratch
                ARG VERSION
                LABEL version=$VERSION
                COPY file /file
                """);
        Files.writeString(directory.resolve("file"), "content");
        mojo.dockerfile = directory.resolve("Dockerfile").toFile();
        mojo.contextDir = directory.toFile();
        mojo.tags = List.of("local/app:1");
        mojo.buildArgs = Map.of("VERSION", "3");
        mojo.root = directory.resolve("store").toFile();
        mojo.outputDirectory = directory.resolve("target/jbuild").toFile();
        mojo.plugin = new PluginDescriptor();
        mojo.plugin.setArtifacts(classPath());
        mojo.setLog(new SystemStreamLog() {
            @Override
            public void info(CharSequence content) {
                log.add(content.toString());
            }

            @Override
            public void error(CharSequence content) {
                log.add("error: " + content);
            }
        });
    }

    private static List<Artifact> classPath() {
        List<Artifact> artifacts = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Artifact artifact = new DefaultArtifact(
                    "group", "artifact", "1", "runtime", "jar", "", new DefaultArtifactHandler("jar"));
            artifact.setFile(new File(entry));
            artifacts.add(artifact);
        }
        return artifacts;
    }

    @Test
    void buildsAnImageAndSaysWhichOne() throws Exception {
        mojo.execute();
        Path results = directory.resolve("target/jbuild");
        JsonNode metadata =
                new ObjectMapper().readTree(results.resolve("image.json").toFile());
        assertThat(results.resolve("image.id"))
                .hasContent(metadata.path("containerimage.config.digest").asText());
        assertThat(metadata.path("image.name").asText()).isEqualTo("docker.io/local/app:1");
        assertThat(directory.resolve("store/index.json")).content().contains("local/app:1");
        assertThat(log)
                .anyMatch(line -> line.matches("#\\d+ .*COPY file /file"))
                .contains("built local/app:1");
        assertThat(results)
                .isDirectoryNotContaining(file -> file.getFileName().toString().startsWith("launcher"));
    }

    @Test
    void aFailedBuildFailsWithTheEnginesExplanation() throws IOException {
        Files.writeString(directory.resolve("Dockerfile"), "FROM scratch\nCOPY nothing /\n");
        assertThatThrownBy(mojo::execute)
                .isInstanceOf(MojoFailureException.class)
                .hasMessageContaining("Dockerfile:2")
                .hasMessageContaining(">>> COPY nothing /")
                .hasMessageContaining("ERROR: ");
    }

    @Test
    void whatIsNotTheDockerfilesFaultIsAnError() {
        mojo.tags = List.of("NOT A NAME");
        assertThatThrownBy(mojo::execute)
                .isInstanceOf(MojoExecutionException.class)
                .hasMessageContaining("NOT A NAME");
    }

    @Test
    void skippedDoesNothing() throws Exception {
        mojo.skip = true;
        mojo.execute();
        assertThat(log).containsExactly("jbuild is skipped");
        assertThat(directory.resolve("store")).doesNotExist();
    }

    @Test
    void aHomeThatIsNoDistributionIsNamed() {
        mojo.home = directory.toFile();
        assertThatThrownBy(mojo::execute)
                .isInstanceOf(MojoExecutionException.class)
                .hasMessageContaining("jbuild.home")
                .hasMessageContaining(directory.toString());
    }
}
