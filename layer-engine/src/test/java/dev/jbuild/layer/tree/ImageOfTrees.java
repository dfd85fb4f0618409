package dev.jbuild.layer.tree;

import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.image.ImageArchiveWriter;
import dev.jbuild.layer.image.ImageParts;
import dev.jbuild.layer.image.ImageUnpacker;
import dev.jbuild.layer.image.OciLayout;
import dev.jbuild.layer.image.TestImage;
import dev.jbuild.layer.store.Store;
import dev.jbuild.layer.tar.Compression;
import dev.jbuild.layer.tar.LayerBlobReader;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Manifest;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An image of two layers, a random tree and what changed it into another: entries of every type, whiteouts, and files with holes. For
 * others to read, and to compare what they make of it with what we do.
 */
public final class ImageOfTrees implements Closeable {
    static final ImageName NAME = ImageName.parse("jbuild-peer-test:1");

    private final Path folder;
    private final Store store;
    private final Descriptor image;

    private ImageOfTrees(Path folder, Store store, Descriptor image) {
        this.folder = folder;
        this.store = store;
        this.image = image;
    }

    static ImageOfTrees of(long seed, Path folder) throws IOException {
        Store store = Store.open(folder.resolve("store"), Linux.system());
        RandomTree first = RandomTree.of(seed);
        LayerStack before = stack(folder.resolve("before"), first.layer());
        LayerStack after =
                stack(folder.resolve("after"), first.changed(seed + 1000).layer());
        try (StackedTree old = before.tree();
                StackedTree now = after.tree()) {
            Descriptor image = new TestImage(store.blobs())
                    .layer(new UpperTree(Linux.system(), before.top(), Optional.empty()), Compression.GZIP)
                    .layer(new TreeDiff(old, now), Compression.GZIP)
                    .put();
            return new ImageOfTrees(folder, store, image);
        }
    }

    /**
     * Makes a layout of two images, {@code before} of two layers and {@code after} of one, that every user can hold who is root in some
     * user namespace.
     *
     * @param folder an empty one; the layout is in it
     */
    public static Path pair(long seed, Path folder) throws IOException {
        Path place = folder.resolve("layout");
        RandomTree first = RandomTree.ofAnyRoot(seed);
        RandomTree second = first.changed(seed + 1000);
        LayerSource third = second.changed(seed + 2000).layer();
        try (Store store = Store.open(folder.resolve("store"), Linux.system());
                OciLayout layout = OciLayout.create(place, Linux.system());
                StackedTree old = stack(folder.resolve("first"), first.layer()).tree();
                StackedTree now =
                        stack(folder.resolve("second"), second.layer()).tree()) {
            TestImage before = new TestImage(store.blobs())
                    .layer(first.layer(), Compression.GZIP)
                    .layer(new TreeDiff(old, now), Compression.GZIP);
            TestImage after = new TestImage(store.blobs()).layer(third, Compression.GZIP);
            tag(layout, store, before.put(), "before");
            tag(layout, store, after.put(), "after");
        }
        return place;
    }

    private static void tag(OciLayout layout, Store store, Descriptor image, String tag) throws IOException {
        for (Descriptor blob : ImageParts.of(store.blobs(), image).blobs()) {
            layout.accept(blob, store.blobs());
        }
        layout.tag(image, tag);
    }

    private static LayerStack stack(Path folder, LayerSource layer) throws IOException {
        LayerStack stack = new LayerStack(Files.createDirectory(folder));
        stack.apply(layer);
        return stack;
    }

    Manifest manifest() throws IOException {
        return manifest(store.blobs(), image);
    }

    BlobSource blobs() {
        return store.blobs();
    }

    /** The file of the first layer's blob. */
    Path firstLayer() throws IOException {
        return store.blobs().path(manifest().layers().getFirst().digest());
    }

    /** What we unpack of the first layer. */
    List<String> listingOfFirstLayer() throws IOException {
        Descriptor layer = manifest().layers().getFirst();
        Digest diffId = config(store.blobs(), manifest()).diffIds().getFirst();
        LayerStack stack = stack(
                folder.resolve("first"), new LayerBlobReader(store.blobs(), layer, diffId, LayerLimits.defaults()));
        return listing(stack.top());
    }

    Path layout() throws IOException {
        Path place = folder.resolve("layout");
        try (OciLayout layout = OciLayout.create(place, Linux.system())) {
            for (Descriptor blob : ImageParts.of(store.blobs(), image).blobs()) {
                layout.accept(blob, store.blobs());
            }
            layout.putImage(image, List.of(NAME));
        }
        return place;
    }

    Path archive(boolean ofDocker) throws IOException {
        Path archive = folder.resolve(ofDocker ? "docker.tar" : "oci.tar");
        try (OutputStream out = Files.newOutputStream(archive)) {
            if (ofDocker) {
                ImageArchiveWriter.writeDocker(out, store.blobs(), image, List.of(NAME));
            } else {
                ImageArchiveWriter.writeOci(out, store.blobs(), image, List.of(NAME));
            }
        }
        return archive;
    }

    /** What we unpack of it. */
    List<String> listing() throws IOException {
        return listing(store.blobs(), image, folder);
    }

    /** What we unpack of an image, whoever wrote it. */
    public static List<String> listing(BlobSource blobs, Descriptor image, Path folder) throws IOException {
        Manifest manifest = manifest(blobs, image);
        ImageConfig config = config(blobs, manifest);
        List<String> notes = new ArrayList<>();
        Path root = new ImageUnpacker(Linux.system(), blobs, LayerLimits.defaults(), notes::add)
                .unpack(manifest, config, Files.createTempDirectory(folder, "unpacked"), "rootfs");
        if (!notes.isEmpty()) {
            throw new IOException("not all can be unpacked here: " + notes);
        }
        return listing(root);
    }

    /** Of directories no time: some tools set it before they write below. */
    public static List<String> listing(Path root) throws IOException {
        try (DirectoryTree tree = DirectoryTree.open(Linux.system(), root)) {
            return TreeListing.withoutDirectoryTimes(tree);
        }
    }

    private static Manifest manifest(BlobSource blobs, Descriptor image) throws IOException {
        return Manifest.parse(read(blobs, image), image.mediaType(), "manifest");
    }

    private static ImageConfig config(BlobSource blobs, Manifest manifest) throws IOException {
        return ImageConfig.parse(read(blobs, manifest.config()), "config");
    }

    private static byte[] read(BlobSource blobs, Descriptor blob) throws IOException {
        try (InputStream in = blobs.open(blob)) {
            return in.readAllBytes();
        }
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
