package dev.jbuild.core;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.api.BuildListener;
import dev.jbuild.core.build.BuildTools;
import dev.jbuild.core.build.Failures;
import dev.jbuild.core.image.FinishedImage;
import dev.jbuild.core.image.Image;
import dev.jbuild.core.image.ImageCopier;
import dev.jbuild.core.image.ImagePusher;
import dev.jbuild.core.image.ImageSink;
import dev.jbuild.core.image.StoreSink;
import dev.jbuild.core.image.StoredOrRemote;
import dev.jbuild.core.work.Tasks;
import dev.jbuild.core.work.Vertices;
import dev.jbuild.layer.image.ImageValidator;
import dev.jbuild.layer.image.LayoutName;
import dev.jbuild.layer.image.OciLayout;
import dev.jbuild.layer.store.ImageNames.NamedImage;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Index;
import dev.jbuild.oci.Json;
import dev.jbuild.oci.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What can be done with images beside building them. */
public final class Images {
    private final BuildTools tools;

    Images(BuildTools tools) {
        this.tools = tools;
    }

    /** Brings an image from its registry into the store, whole. */
    public Descriptor pull(ImageName name, Optional<Platform> platform, BuildListener listener)
            throws BuildException, InterruptedException {
        try (Tasks tasks = new Tasks()) {
            Image image = tools.images().load(name, platform.orElse(tools.machine()), true);
            BlobSource registry = tools.origins().source(name);
            ImageSink store = new StoreSink(tools.store(), List.of(name));
            told(listener, "pulling " + name, () -> new ImageCopier(tasks).copy(image, registry, store));
            return image.descriptor();
        } catch (IOException e) {
            throw Failures.of(e);
        }
    }

    /** Brings an image of the store to the registry of its name. */
    public Descriptor push(ImageName name, BuildListener listener) throws BuildException, InterruptedException {
        try (Tasks tasks = new Tasks()) {
            FinishedImage image = whole(name);
            BlobSource blobs = new StoredOrRemote(tools.store().blobs(), tools.origins());
            ImagePusher pusher = new ImagePusher(tools.registry(), tools.origins(), tasks);
            told(listener, "pushing " + name, () -> pusher.push(image, blobs, name));
            return image.descriptor();
        } catch (IOException e) {
            throw Failures.of(e);
        }
    }

    /**
     * Imports an OCI image layout under a name; every blob is verified. Of several images in it, the one for this machine is
     * taken.
     */
    public Descriptor load(Path layout, ImageName name) throws BuildException, InterruptedException {
        try (Tasks tasks = new Tasks();
                OciLayout source = OciLayout.open(layout, tools.linux())) {
            Descriptor top = top(source.index(), layout);
            Image image = tools.images().read(name.familiar(), top, source, tools.machine());
            new ImageCopier(tasks).copy(image, source, new StoreSink(tools.store(), List.of(name)));
            return image.descriptor();
        } catch (IOException e) {
            throw Failures.of(e);
        }
    }

    private Descriptor top(Index index, Path layout) throws BuildException {
        if (index.entries().size() == 1) {
            return index.entries().getFirst().manifest();
        }
        return index.select(tools.machine())
                .orElseThrow(() -> new BuildException(
                        Kind.USAGE, "the layout " + layout + " has no image for " + tools.machine()));
    }

    /** The named images, sorted by name. */
    public List<ImageSummary> list() throws BuildException {
        try {
            List<ImageSummary> summaries = new ArrayList<>();
            for (NamedImage named : tools.store().images().list()) {
                Image image = stored(named.name());
                ImageConfig config = tools.images().config(named.name(), image);
                summaries.add(new ImageSummary(
                        named.name(),
                        image.descriptor(),
                        image.manifest().config().digest(),
                        config.created(),
                        image.size()));
            }
            return summaries;
        } catch (IOException e) {
            throw Failures.of(e);
        }
    }

    /** An image as indented JSON: its name, manifest, layers and config. */
    public byte[] inspect(ImageName name) throws BuildException {
        try {
            Image image = stored(name);
            Descriptor config = image.manifest().config();
            tools.images().config(name, image);
            ObjectNode root = Json.object();
            root.put("name", name.toString());
            root.put("manifest", image.descriptor().digest().toString());
            root.put("mediaType", image.descriptor().mediaType());
            root.put("id", config.digest().toString());
            root.put("size", image.size());
            ArrayNode layers = root.putArray("layers");
            image.manifest().layers().forEach(layer -> layers.add(layer.digest().toString()));
            byte[] document = tools.store().blobs().read(config, ImageConfig.MAX_BYTES);
            root.set("config", Json.parse(document, ImageConfig.MAX_BYTES, "config of " + name));
            return Json.pretty(root).getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw Failures.of(e);
        }
    }

    public ImageConfig config(ImageName name) throws BuildException {
        try {
            return tools.images().config(name, stored(name));
        } catch (IOException e) {
            throw Failures.of(e);
        }
    }

    /**
     * What is wrong with an image, a sentence each; empty when all its claims hold. Every blob is read: those of an image that is
     * not in the store, or of a base that is not, come from their registry and are not kept.
     */
    public List<String> problems(ImageName name, Optional<Platform> platform) throws BuildException {
        try {
            Image image = tools.images().load(name, platform.orElse(tools.machine()), false);
            BlobSource blobs = new StoredOrRemote(tools.store().blobs(), tools.origins());
            return new ImageValidator(tools.limits()).problems(blobs, image.descriptor());
        } catch (IOException e) {
            throw Failures.of(e);
        }
    }

    /** What is wrong with the images that a layout's name may mean: of that tag, or all when it has none. */
    public List<String> problems(LayoutName name) throws BuildException {
        try (OciLayout layout = OciLayout.open(name.folder(), tools.linux())) {
            List<Descriptor> images = name.matches(layout.index());
            if (images.isEmpty()) {
                throw new BuildException(Kind.USAGE, "there is no image " + name);
            }
            ImageValidator validator = new ImageValidator(tools.limits());
            List<String> problems = new ArrayList<>();
            images.forEach(image -> problems.addAll(validator.problems(layout, image)));
            return problems;
        } catch (IOException e) {
            throw Failures.of(e);
        }
    }

    /** Takes a name away; false when no image has it. What only it needed goes with the next prune. */
    public boolean remove(ImageName name) throws BuildException {
        try {
            return tools.store().images().remove(name);
        } catch (IOException e) {
            throw Failures.of(e);
        }
    }

    private Image stored(ImageName name) throws IOException, BuildException {
        return whole(name).serving(tools.machine());
    }

    private FinishedImage whole(ImageName name) throws IOException, BuildException {
        return tools.images()
                .findWhole(name)
                .orElseThrow(() -> new BuildException(
                        Kind.USAGE,
                        "there is no image " + name.familiar() + " in the store; `jbuild images` lists them"));
    }

    @FunctionalInterface
    private interface Copying {
        void run() throws IOException, BuildException, InterruptedException;
    }

    private static void told(BuildListener listener, String title, Copying copying)
            throws IOException, BuildException, InterruptedException {
        Vertices.Vertex vertex = new Vertices(listener, System::nanoTime).start(title);
        try {
            copying.run();
            vertex.done();
        } catch (IOException | BuildException e) {
            vertex.failed(String.valueOf(e.getMessage()));
            throw e;
        }
    }
}
