package dev.jbuild.layer.image;

import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.layer.tar.LayerBlobReader;
import dev.jbuild.layer.tree.StackedTree;
import dev.jbuild.layer.tree.TreeMerger;
import dev.jbuild.layer.tree.TreeRemover;
import dev.jbuild.layer.tree.TreeWriter;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.OpenFlag;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.oci.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Unpacks an image into one plain directory. Each layer is first written beside it, where only its own entries lie, and merged
 * when all of it was read and its digests turned out right: at no time is there more on disk than the image and one layer.
 *
 * @param notes hears what of the image this user or file system cannot hold
 */
public record ImageUnpacker(Linux linux, BlobSource blobs, LayerLimits limits, Consumer<String> notes) {
    /** What a root directory is that no layer describes. */
    private static final int ROOT_MODE = 0755;

    /**
     * Fills a new directory.
     *
     * @param folder an empty folder that nobody else can reach; afterwards it holds {@code name} and nothing else
     * @return the directory that was filled
     * @throws RefusedLayerException when a layer breaks a rule, or manifest and config do not agree
     */
    public Path unpack(Manifest manifest, ImageConfig config, Path folder, String name) throws IOException {
        List<Descriptor> layers = manifest.layers();
        if (layers.size() != config.diffIds().size()) {
            throw new RefusedLayerException(
                    "image",
                    "",
                    "its manifest has " + layers.size() + " layers, its config "
                            + config.diffIds().size() + " diff_ids");
        }
        Path root = makeDirectory(folder.resolve(name));
        for (int i = 0; i < layers.size(); i++) {
            Descriptor layer = layers.get(i);
            Digest diffId = config.diffIds().get(i);
            LayerBlobReader entries = new LayerBlobReader(blobs, layer, diffId, limits);
            if (i == 0) {
                tell(TreeWriter.unpack(linux, entries, root, Optional.empty(), limits));
            } else {
                addLayer(entries, root, folder);
            }
        }
        return root;
    }

    private void addLayer(LayerBlobReader entries, Path root, Path folder) throws IOException {
        Path layer = makeDirectory(folder.resolve("layer"));
        try (StackedTree below = StackedTree.open(linux, List.of(root))) {
            tell(TreeWriter.unpack(linux, entries, layer, Optional.of(below), limits));
        }
        tell(TreeMerger.merge(linux, layer, root));
        try (Fd parent = linux.open(folder, OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            new TreeRemover(linux).remove(parent, "layer".getBytes(StandardCharsets.US_ASCII));
        }
    }

    private Path makeDirectory(Path directory) throws IOException {
        Files.createDirectory(directory);
        try (Fd fd = linux.open(directory, OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            // Not what the umask leaves of it.
            linux.chmod(fd, ROOT_MODE);
        }
        return directory;
    }

    private void tell(List<String> sentences) {
        sentences.forEach(notes);
    }
}
