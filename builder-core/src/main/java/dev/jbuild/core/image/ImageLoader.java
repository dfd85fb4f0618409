package dev.jbuild.core.image;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.layer.store.Store;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Index;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.MediaTypes;
import dev.jbuild.oci.Platform;
import dev.jbuild.registry.Document;
import dev.jbuild.registry.RegistryClient;
import dev.jbuild.registry.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds images by name: in the store, else in their registry. Only documents are read; what came from a registry is kept in
 * the store, so that the next look costs one HEAD.
 */
public final class ImageLoader {
    private static final int MAX_INDEX_DEPTH = 3;

    private final Store store;
    private final RegistryClient registry;
    private final BlobOrigins origins;

    public ImageLoader(Store store, RegistryClient registry, BlobOrigins origins) {
        this.store = store;
        this.registry = registry;
        this.origins = origins;
    }

    /** The image that a name stands for: the store's, unless its registry is to be asked. */
    public Image load(ImageName name, Platform platform, boolean askRegistry) throws IOException, BuildException {
        Optional<Descriptor> local =
                askRegistry ? Optional.empty() : store.images().find(name);
        return local.isPresent() ? fromStore(name, local.get(), platform) : fromRegistry(name, platform);
    }

    /** The image that a name stands for in the store. */
    public Optional<Image> find(ImageName name, Platform platform) throws IOException, BuildException {
        Optional<Descriptor> local = store.images().find(name);
        return local.isPresent() ? Optional.of(fromStore(name, local.get(), platform)) : Optional.empty();
    }

    /** The image, or the index with all its images, that a name stands for in the store. */
    public Optional<FinishedImage> findWhole(ImageName name) throws IOException {
        Optional<Descriptor> local = store.images().find(name);
        if (local.isEmpty()) {
            return Optional.empty();
        }
        Descriptor top = local.get();
        if (!MediaTypes.isIndex(top.mediaType())) {
            return Optional.of(FinishedImage.of(stored(top)));
        }
        byte[] document = store.blobs().read(top, Manifest.MAX_BYTES);
        List<Image> images = new ArrayList<>();
        for (Index.Entry entry :
                Index.parse(document, top.mediaType(), "index of " + name).entries()) {
            images.add(stored(entry.manifest()));
        }
        return Optional.of(new FinishedImage(top, document, images));
    }

    private Image stored(Descriptor manifest) throws IOException {
        byte[] document = store.blobs().read(manifest, Manifest.MAX_BYTES);
        return new Image(
                manifest, document, Manifest.parse(document, manifest.mediaType(), "manifest " + manifest.digest()));
    }

    /** The image's config, from the store or the registry. */
    public ImageConfig config(ImageName name, Image image) throws IOException, BuildException {
        Descriptor config = image.manifest().config();
        store.blobs().accept(config, origins.source(name));
        byte[] document = store.blobs().read(config, ImageConfig.MAX_BYTES);
        return parsed(() -> ImageConfig.parse(document, "config of " + name));
    }

    /**
     * The image that a document of some other place stands for.
     *
     * @param what names the image in messages
     */
    public Image read(String what, Descriptor top, BlobSource source, Platform platform)
            throws IOException, BuildException {
        Reader reader = document -> new Document(document, bytes(document, source));
        return select(what, reader.read(top), platform, reader, 0);
    }

    private static byte[] bytes(Descriptor document, BlobSource source) throws IOException {
        try (InputStream in = source.open(document)) {
            return in.readNBytes(Manifest.MAX_BYTES + 1);
        }
    }

    private Image fromStore(ImageName name, Descriptor top, Platform platform) throws IOException, BuildException {
        return read(name.familiar(), top, store.blobs(), platform);
    }

    private Image fromRegistry(ImageName name, Platform platform) throws IOException, BuildException {
        Repository repository = registry.repository(name);
        Descriptor top = repository
                .head(name.reference())
                .orElseThrow(() -> new BuildException(
                        Kind.REGISTRY,
                        "there is no image " + name.familiar() + ": " + name.registry() + " does not have it"));
        Reader reader = inner -> fetch(repository, inner);
        Image image = select(name.familiar(), reader.read(top), platform, reader, 0);
        image.blobs().forEach(blob -> origins.learn(blob.digest(), name));
        return image;
    }

    /** A document by its digest: from the store when it was fetched before. */
    private Document fetch(Repository repository, Descriptor wanted) throws IOException {
        if (store.blobs().has(wanted)) {
            return new Document(wanted, store.blobs().read(wanted, Manifest.MAX_BYTES));
        }
        Document document = repository.manifest(wanted.digest().toString());
        store.blobs().put(document.descriptor().mediaType(), document.bytes());
        return document;
    }

    @FunctionalInterface
    private interface Reader {
        Document read(Descriptor document) throws IOException;
    }

    private Image select(String name, Document document, Platform platform, Reader reader, int depth)
            throws IOException, BuildException {
        String mediaType = document.descriptor().mediaType();
        if (MediaTypes.isManifest(mediaType)) {
            Manifest manifest = parsed(() -> Manifest.parse(document.bytes(), mediaType, "manifest of " + name));
            return new Image(document.descriptor(), document.bytes(), manifest);
        }
        if (!MediaTypes.isIndex(mediaType) || depth == MAX_INDEX_DEPTH) {
            throw new BuildException(
                    Kind.REGISTRY,
                    name + " is a " + mediaType + ", not an image"
                            + (depth == MAX_INDEX_DEPTH ? " within " + MAX_INDEX_DEPTH + " indexes" : ""));
        }
        Index index = parsed(() -> Index.parse(document.bytes(), mediaType, "index of " + name));
        Descriptor selected = index.select(platform)
                .orElseThrow(() -> new BuildException(
                        Kind.REGISTRY, name + " has no image for " + platform + "; it has " + offered(index)));
        return select(name, reader.read(selected), platform, reader, depth + 1);
    }

    @FunctionalInterface
    private interface Parsing<T> {
        T parse() throws IOException;
    }

    /** A document that breaks its format is refused like a layer: others made it, and the store is well. */
    private static <T> T parsed(Parsing<T> document) throws BuildException {
        try {
            return document.parse();
        } catch (IOException e) {
            throw new BuildException(Kind.REGISTRY, String.valueOf(e.getMessage()), e);
        }
    }

    private static String offered(Index index) {
        return index.entries().stream()
                .flatMap(entry -> entry.platform().stream())
                .map(Platform::toString)
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
