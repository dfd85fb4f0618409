package dev.jbuild.core;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.api.BuildListener;
import dev.jbuild.core.api.BuildRequest;
import dev.jbuild.core.api.BuildResult;
import dev.jbuild.core.api.CheckReport;
import dev.jbuild.core.api.ContainerRequest;
import dev.jbuild.core.api.FileFailure;
import dev.jbuild.core.build.BuildTools;
import dev.jbuild.core.build.DockerfileReview;
import dev.jbuild.core.build.Failures;
import dev.jbuild.core.build.ImageBuild;
import dev.jbuild.core.build.ImageRun;
import dev.jbuild.core.build.LayerSlots;
import dev.jbuild.core.fetch.Fetchers;
import dev.jbuild.core.image.BlobOrigins;
import dev.jbuild.core.image.ImageLoader;
import dev.jbuild.core.plan.Outline;
import dev.jbuild.core.work.Tasks;
import dev.jbuild.core.work.Vertices;
import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.layer.LayerMemory;
import dev.jbuild.layer.store.Store;
import dev.jbuild.layer.tar.LayerBlobWriter;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Platform;
import dev.jbuild.registry.CredentialHelperProcess;
import dev.jbuild.registry.Credentials;
import dev.jbuild.registry.DockerConfigCredentials;
import dev.jbuild.registry.RegistryClient;
import dev.jbuild.registry.RegistryOptions;
import dev.jbuild.registry.RemoteFiles;
import dev.jbuild.runtime.SearchPath;
import dev.jbuild.runtime.StepOutcome;
import dev.jbuild.runtime.StepOutput;
import dev.jbuild.runtime.UserIds;
import java.io.IOException;
import java.time.InstantSource;

/** The builder as a whole: one open store, one registry client, any number of builds and commands on images. */
public final class Engine implements AutoCloseable {
    private final BuildTools tools;

    private Engine(BuildTools tools) {
        this.tools = tools;
    }

    /** Opens the store, which is made when absent; nothing else is touched yet. */
    public static Engine open(EngineOptions options) throws BuildException {
        try {
            Linux linux = UserIds.areSingle() ? Linux.recordingOwners() : Linux.system();
            Store store = Store.open(options.storeRoot(), linux);
            RegistryClient registry = new RegistryClient(
                    RegistryOptions.defaults().withInsecure(options.insecureRegistries()), credentials(options));
            RemoteFiles files = new RemoteFiles(RegistryOptions.defaults());
            BlobOrigins origins = new BlobOrigins(store.records(), registry);
            return new Engine(new BuildTools(
                    store,
                    linux,
                    new LayerBlobWriter(Runtime.getRuntime().availableProcessors()),
                    registry,
                    origins,
                    new ImageLoader(store, registry, origins),
                    Fetchers.of(store, linux, files, options.searchPath(), options.limits()),
                    Platform.ofJavaArch(System.getProperty("os.arch")),
                    new StepRuntimes(options, store.root()),
                    SearchPath.of(options.searchPath()),
                    InstantSource.system(),
                    options.limits(),
                    new LayerMemory(Runtime.getRuntime().maxMemory() / 4),
                    new LayerSlots(Runtime.getRuntime().availableProcessors()),
                    options.stdout()));
        } catch (IOException e) {
            throw new BuildException(
                    Kind.STORE,
                    "cannot open the store " + options.storeRoot() + ": " + FileFailure.words(e)
                            + "; --root or JBUILD_ROOT names another place",
                    e);
        }
    }

    /** Builds an image; whatever happens, nothing of the build runs on afterwards. */
    public BuildResult build(BuildRequest request, BuildListener listener) throws BuildException, InterruptedException {
        try (Tasks tasks = new Tasks()) {
            return new ImageBuild(tools, request, tasks, new Vertices(listener, System::nanoTime)).run();
        } catch (IOException e) {
            throw Failures.of(e);
        }
    }

    /** Looks for mistakes in a Dockerfile without building it. */
    public CheckReport check(BuildRequest request, BuildListener listener) throws BuildException, InterruptedException {
        return review(request, listener, DockerfileReview::check);
    }

    /** What the target of a Dockerfile can be given. */
    public Outline outline(BuildRequest request, BuildListener listener) throws BuildException, InterruptedException {
        return review(request, listener, DockerfileReview::outline);
    }

    /** A Dockerfile, parsed, for what can be told by its text alone. */
    public Dockerfile dockerfile(BuildRequest request, BuildListener listener)
            throws BuildException, InterruptedException {
        return review(request, listener, DockerfileReview::dockerfile);
    }

    @FunctionalInterface
    private interface Review<T> {
        T of(DockerfileReview review) throws IOException, BuildException, InterruptedException;
    }

    private <T> T review(BuildRequest request, BuildListener listener, Review<T> review)
            throws BuildException, InterruptedException {
        try (Tasks tasks = new Tasks()) {
            return review.of(new DockerfileReview(tools, request, tasks, new Vertices(listener, System::nanoTime)));
        } catch (IOException e) {
            throw Failures.of(e);
        }
    }

    public Images images() {
        return new Images(tools);
    }

    public Bundles bundles() {
        return new Bundles(tools);
    }

    public StoreCare storeCare() {
        return new StoreCare(tools);
    }

    /** @throws BuildException when temporary files cannot be removed; a later start does that then */
    @Override
    public void close() throws BuildException {
        tools.blobWriter().close();
        tools.registry().close();
        tools.fetchers().close();
        try {
            tools.store().close();
        } catch (IOException e) {
            throw Failures.of(e);
        }
    }

    /**
     * Runs a command in an image of the store or a registry; what it changes is gone when it ends.
     *
     * @param output what the command prints
     * @param listener hears notes
     */
    public StepOutcome run(ContainerRequest request, StepOutput output, BuildListener listener)
            throws BuildException, InterruptedException {
        try {
            return new ImageRun(tools, request, new Vertices(listener, System::nanoTime)).run(output);
        } catch (IOException e) {
            throw Failures.of(e);
        }
    }

    private static Credentials credentials(EngineOptions options) {
        return new DockerConfigCredentials(options.dockerConfig(), new CredentialHelperProcess());
    }
}
