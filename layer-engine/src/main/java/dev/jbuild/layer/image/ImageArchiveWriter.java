package dev.jbuild.layer.image;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.tar.TarLayerWriter;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Json;
import dev.jbuild.oci.Manifest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * Writes an image as one tar: an OCI image layout, and for {@code docker load} the {@code manifest.json} beside it, which
 * points at the same blobs. The bytes follow from image and names alone.
 */
public final class ImageArchiveWriter {
    private static final int FOLDER_MODE = 0755;
    private static final int BLOB_MODE = 0444;
    private static final int DOCUMENT_MODE = 0644;

    private final TarLayerWriter tar;

    private ImageArchiveWriter(OutputStream out) {
        this.tar = new TarLayerWriter(out);
    }

    /** An OCI archive, as {@code skopeo copy oci-archive:…} reads it. */
    public static void writeOci(OutputStream out, BlobSource source, Descriptor image, List<ImageName> names)
            throws IOException {
        ImageArchiveWriter writer = new ImageArchiveWriter(out);
        writer.putBlobs(ImageParts.of(source, image), source);
        writer.putDocument("index.json", LayoutIndex.of(image, names));
        writer.putDocument("oci-layout", LayoutIndex.VERSION);
        writer.tar.finish();
    }

    /**
     * As {@link #writeOci}, and {@code docker load} reads it, too.
     *
     * @throws IOException also when the image is an index of several: Docker's format holds one image for a name
     */
    public static void writeDocker(OutputStream out, BlobSource source, Descriptor image, List<ImageName> names)
            throws IOException {
        ImageParts parts = ImageParts.of(source, image);
        if (parts.manifests().size() != 1) {
            throw new IOException("image " + image.digest() + " holds "
                    + parts.manifests().size() + " platforms; a docker archive holds one");
        }
        ImageArchiveWriter writer = new ImageArchiveWriter(out);
        writer.putBlobs(parts, source);
        writer.putDocument("index.json", LayoutIndex.of(image, names));
        writer.putDocument("manifest.json", dockerManifest(parts.manifests().getFirst(), names));
        writer.putDocument("oci-layout", LayoutIndex.VERSION);
        writer.tar.finish();
    }

    private void putBlobs(ImageParts parts, BlobSource source) throws IOException {
        putFolder("blobs");
        String algorithm = "";
        for (Descriptor blob : parts.blobs()) {
            if (!algorithm.equals(blob.digest().algorithm())) {
                algorithm = blob.digest().algorithm();
                putFolder("blobs/" + algorithm);
            }
            try (InputStream content = source.open(blob)) {
                tar.put(LayerEntry.file(EntryPath.of(path(blob.digest())), BLOB_MODE, blob.size()), content);
                requireEnd(content, blob);
            }
        }
    }

    /** A source verifies only who reads to its end. */
    private static void requireEnd(InputStream content, Descriptor blob) throws IOException {
        if (content.read() >= 0) {
            throw new IOException("blob " + blob.digest() + " is longer than " + blob.size() + " bytes");
        }
    }

    private void putFolder(String path) throws IOException {
        tar.put(LayerEntry.directory(EntryPath.of(path), FOLDER_MODE), InputStream.nullInputStream());
    }

    private void putDocument(String path, byte[] content) throws IOException {
        LayerEntry entry = LayerEntry.file(EntryPath.of(path), DOCUMENT_MODE, content.length);
        tar.put(entry, new ByteArrayInputStream(content));
    }

    private static byte[] dockerManifest(Manifest manifest, List<ImageName> names) {
        ArrayNode images = Json.array();
        ObjectNode image = images.addObject();
        image.put("Config", path(manifest.config().digest()));
        // A name by digest has no tag to give.
        image.set(
                "RepoTags",
                Json.array(names.stream()
                        .filter(name -> name.tag().isPresent())
                        .map(ImageArchiveWriter::repositoryTag)
                        .toList()));
        image.set(
                "Layers",
                Json.array(manifest.layers().stream()
                        .map(layer -> path(layer.digest()))
                        .toList()));
        return Json.bytes(images);
    }

    private static String repositoryTag(ImageName name) {
        return new ImageName(name.registry(), name.repository(), name.tag(), java.util.Optional.empty()).familiar();
    }

    private static String path(Digest digest) {
        return "blobs/" + digest.algorithm() + "/" + digest.hex();
    }
}
