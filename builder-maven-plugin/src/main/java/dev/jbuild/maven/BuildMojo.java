package dev.jbuild.maven;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.inject.Inject;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.descriptor.PluginDescriptor;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.toolchain.ToolchainManager;
import org.jspecify.annotations.Nullable;

/** Builds an image from a Dockerfile. */
@Mojo(name = "build", defaultPhase = LifecyclePhase.PACKAGE, threadSafe = true)
public final class BuildMojo extends AbstractMojo {
    /** The Dockerfile. */
    @Parameter(property = "jbuild.dockerfile", defaultValue = "${project.basedir}/Dockerfile", required = true)
    @Nullable
    File dockerfile;

    /** The directory that COPY and ADD read from. */
    @Parameter(property = "jbuild.contextDir", defaultValue = "${project.basedir}", required = true)
    @Nullable
    File contextDir;

    /** Names of the image. */
    @Parameter(property = "jbuild.tags")
    List<String> tags = new ArrayList<>();

    /** Values for the Dockerfile's ARGs. */
    @Parameter
    Map<String, String> buildArgs = new LinkedHashMap<>();

    /** The stage to build instead of the last. */
    @Parameter(property = "jbuild.target")
    @Nullable
    String target;

    /** Whether the image goes to the registry of each of its names. */
    @Parameter(property = "jbuild.push", defaultValue = "false")
    boolean push;

    /** Whether nothing is done. */
    @Parameter(property = "jbuild.skip", defaultValue = "false")
    boolean skip;

    /** A distribution of jbuild to use; without it the engine runs from this plugin's own jars on a JDK 25. */
    @Parameter(property = "jbuild.home")
    @Nullable
    File home;

    /** The directory of the store; without it the engine's default. */
    @Parameter(property = "jbuild.root")
    @Nullable
    File root;

    /** Where the image's id and digests are written to. */
    @Parameter(defaultValue = "${project.build.directory}/jbuild", readonly = true)
    @Nullable
    File outputDirectory;

    @Parameter(defaultValue = "${plugin}", readonly = true)
    @Nullable
    PluginDescriptor plugin;

    @Parameter(defaultValue = "${session}", readonly = true)
    @Nullable
    MavenSession session;

    private final ToolchainManager toolchains;

    @Inject
    public BuildMojo(ToolchainManager toolchains) {
        this.toolchains = toolchains;
    }

    @Override
    public void execute() throws MojoExecutionException, MojoFailureException {
        if (skip) {
            getLog().info("jbuild is skipped");
            return;
        }
        try {
            run();
        } catch (IOException e) {
            throw new MojoExecutionException(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MojoExecutionException("the build was interrupted", e);
        }
    }

    private void run() throws IOException, InterruptedException, MojoExecutionException, MojoFailureException {
        Path results = path(outputDirectory, "outputDirectory");
        BuildCommand command = new BuildCommand(
                path(contextDir, "contextDir"), path(dockerfile, "dockerfile"), tags, buildArgs, target, push, root);
        try (Engine engine = engine(results)) {
            EngineOutput output = new EngineOutput(getLog());
            int code = engine.run(command.words(results), output);
            switch (code) {
                case 0 ->
                    getLog().info("built " + (tags.isEmpty() ? "an image without a name" : String.join(", ", tags)));
                case 1 -> throw new MojoFailureException(output.failure("the image was not built"));
                default -> throw new MojoExecutionException(output.failure("jbuild ended with exit code " + code));
            }
        }
    }

    private Engine engine(Path results) throws IOException, MojoExecutionException {
        if (home != null) {
            return Engine.ofDistribution(home.toPath());
        }
        JdkFinder jdks = new JdkFinder(toolchains, session, System.getenv("JAVA_HOME"));
        return Engine.ofJars(jdks.find(), ownJars(), results);
    }

    private List<Path> ownJars() throws MojoExecutionException {
        if (plugin == null) {
            throw new MojoExecutionException("Maven gave no plugin descriptor");
        }
        return plugin.getArtifacts().stream()
                .map(Artifact::getFile)
                .map(File::toPath)
                .toList();
    }

    private static Path path(@Nullable File file, String parameter) throws MojoExecutionException {
        if (file == null) {
            throw new MojoExecutionException("the parameter " + parameter + " is not set");
        }
        return file.toPath();
    }
}
