package dev.jbuild.core.bundle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jbuild.core.image.Image;
import dev.jbuild.layer.image.OciLayout;
import dev.jbuild.layer.store.BlobStore;
import dev.jbuild.layer.tar.WrittenLayer;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.oci.Json;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.MediaTypes;
import java.io.IOException;
import java.io.InputStream;

/**
 * Makes an image of another and one more layer. Its documents are edited, not written anew: keys that nobody here knows stay.
 *
 * @param made where the layer lies
 * @param source where the other image lies
 * @param target where the new one is to lie, whole
 */
public record ImageExtension(BlobStore made, BlobSource source, OciLayout target) {
    private static final String CREATED_BY = "jbuild image pack";

    /** Brings the other image to the target as it is. */
    public Descriptor copy(Image image) throws IOException {
        for (Descriptor blob : image.blobs()) {
            target.accept(blob, source);
        }
        target.accept(image.descriptor(), source);
        return image.descriptor();
    }

    /** @param created RFC 3339 */
    public Descriptor extend(Image image, WrittenLayer layer, String created) throws IOException {
        for (Descriptor blob : image.manifest().layers()) {
            target.accept(blob, source);
        }
        target.accept(layer.descriptor(), made);
        Descriptor config = put(
                image.manifest().config().mediaType(),
                config(read(image.manifest().config(), source, ImageConfig.MAX_BYTES), layer, created));
        return put(image.descriptor().mediaType(), manifest(image, config, layer));
    }

    /** Reads a small blob whole. */
    public static byte[] read(Descriptor blob, BlobSource source, int limit) throws IOException {
        if (blob.size() > limit) {
            throw new IOException("blob " + blob.digest() + " has " + blob.size() + " bytes; the limit is " + limit);
        }
        try (InputStream in = source.open(blob)) {
            return in.readAllBytes();
        }
    }

    private Descriptor put(String mediaType, byte[] document) throws IOException {
        Descriptor blob = made.put(mediaType, document);
        target.accept(blob, made);
        return blob;
    }

    private static byte[] config(byte[] document, WrittenLayer layer, String created) throws IOException {
        ObjectNode root = object(document, ImageConfig.MAX_BYTES, "config");
        root.put("created", created);
        root.withObjectProperty("rootfs")
                .withArrayProperty("diff_ids")
                .add(layer.diffId().toString());
        // An image without a history stays one: a history of the last layer alone would not match the layers.
        if (root.path("history").isArray()) {
            root.withArrayProperty("history")
                    .addObject()
                    .put("created", created)
                    .put("created_by", CREATED_BY);
        }
        return Json.bytes(root);
    }

    private static byte[] manifest(Image image, Descriptor config, WrittenLayer layer) throws IOException {
        ObjectNode root = object(image.document(), Manifest.MAX_BYTES, "manifest");
        ObjectNode configNode = root.withObjectProperty("config");
        configNode.put("digest", config.digest().toString());
        configNode.put("size", config.size());
        boolean isDockers = image.descriptor().mediaType().equals(MediaTypes.DOCKER_MANIFEST);
        root.withArrayProperty("layers")
                .addObject()
                // One manifest has one family of types.
                .put(
                        "mediaType",
                        isDockers
                                ? MediaTypes.DOCKER_LAYER_GZIP
                                : layer.descriptor().mediaType())
                .put("digest", layer.descriptor().digest().toString())
                .put("size", layer.descriptor().size());
        return Json.bytes(root);
    }

    private static ObjectNode object(byte[] document, int limit, String what) throws IOException {
        return (ObjectNode) Json.parseObject(document, limit, what);
    }
}
