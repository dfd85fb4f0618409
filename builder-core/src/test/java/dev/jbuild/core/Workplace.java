package dev.jbuild.core;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildRequest;
import dev.jbuild.core.api.BuildResult;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.image.ImageValidator;
import dev.jbuild.layer.image.InvalidImageException;
import dev.jbuild.layer.store.Store;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.MediaTypes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A folder with a build context and a store, and an engine that works in it. Every image it builds is validated. */
final class Workplace implements AutoCloseable {
    final Path context;
    final Path store;
    final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    final HeardBuild heard = new HeardBuild();
    final Engine engine;

    Workplace(Path folder) throws IOException, BuildException {
        this(folder, "context", "store");
    }

    Workplace(Path folder, String contextName, String storeName) throws IOException, BuildException {
        context = Files.createDirectories(folder.resolve(contextName));
        store = folder.resolve(storeName);
        engine = Engine.open(options(store, stdout));
    }

    /** Of an engine with nothing but a store, beside which its configuration would lie. */
    static EngineOptions options(Path store, OutputStream stdout) {
        return new EngineOptions(
                store,
                store.resolveSibling("config.json"),
                Set.of(),
                Optional.empty(),
                "",
                "",
                "",
                LayerLimits.defaults(),
                stdout);
    }

    Workplace file(String name, String content) throws IOException {
        Path file = context.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        return this;
    }

    /** The request for a Dockerfile of these lines, which lies beside the context. */
    BuildRequest.Draft request(String... dockerfile) throws IOException {
        Path file = context.resolveSibling(context.getFileName() + ".Dockerfile");
        Files.writeString(file, String.join("\n", dockerfile) + "\n");
        return BuildRequest.of(context, file);
    }

    BuildResult build(String... dockerfile) throws Exception {
        return build(request(dockerfile));
    }

    BuildResult build(BuildRequest.Draft request) throws Exception {
        BuildResult result =
                engine.build(request.tag(ImageName.parse("test/image")).build(), heard);
        validate(result.manifest());
        return result;
    }

    void validate(Descriptor manifest) throws IOException, InvalidImageException {
        try (Store opened = Store.open(store, Linux.system())) {
            new ImageValidator(LayerLimits.defaults()).requireValid(opened.blobs(), manifest);
        }
    }

    /** The layers of an image that was built here, lowest first. */
    List<Descriptor> layers(BuildResult built) throws IOException {
        Digest digest = built.manifest().digest();
        byte[] manifest = Files.readAllBytes(store.resolve("blobs/sha256").resolve(digest.hex()));
        return Manifest.parse(manifest, MediaTypes.OCI_MANIFEST, "the built manifest")
                .layers();
    }

    /** Whether the store holds a blob, whatever the image index says. */
    boolean holds(Descriptor blob) throws IOException {
        try (Store opened = Store.open(store, Linux.system())) {
            return opened.blobs().has(blob);
        }
    }

    @Override
    public void close() throws BuildException {
        engine.close();
    }
}
