package dev.jbuild.layer.image;

import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Index;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Everything that an image consists of, once each: its index if any, manifests, configs and layers. */
public final class ImageParts {
    private static final int MAX_DEPTH = 3;

    private final BlobSource source;
    private final Map<String, Descriptor> blobs = new TreeMap<>();
    private final List<Manifest> manifests = new ArrayList<>();

    private ImageParts(BlobSource source) {
        this.source = source;
    }

    /** Reads the image's documents; layers are not opened. */
    public static ImageParts of(BlobSource source, Descriptor image) throws IOException {
        ImageParts parts = new ImageParts(source);
        parts.add(image, 1);
        return parts;
    }

    /** All blobs, sorted by digest. */
    public List<Descriptor> blobs() {
        return List.copyOf(blobs.values());
    }

    /** The image's manifests, in its index's order. */
    public List<Manifest> manifests() {
        return List.copyOf(manifests);
    }

    private void add(Descriptor image, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new IOException("index " + image.digest() + " lies deeper than " + MAX_DEPTH + " indexes");
        }
        if (blobs.put(image.digest().toString(), image) != null) {
            return;
        }
        String what = (MediaTypes.isIndex(image.mediaType()) ? "index " : "manifest ") + image.digest();
        if (MediaTypes.isIndex(image.mediaType())) {
            for (Index.Entry entry :
                    Index.parse(document(image), image.mediaType(), what).entries()) {
                add(entry.manifest(), depth + 1);
            }
            return;
        }
        Manifest manifest = Manifest.parse(document(image), image.mediaType(), what);
        manifests.add(manifest);
        blobs.put(manifest.config().digest().toString(), manifest.config());
        manifest.layers().forEach(layer -> blobs.put(layer.digest().toString(), layer));
    }

    private byte[] document(Descriptor blob) throws IOException {
        if (blob.size() > Manifest.MAX_BYTES) {
            throw new IOException(
                    "blob " + blob.digest() + " has " + blob.size() + " bytes; the limit is " + Manifest.MAX_BYTES);
        }
        try (InputStream in = source.open(blob)) {
            return in.readAllBytes();
        }
    }
}
