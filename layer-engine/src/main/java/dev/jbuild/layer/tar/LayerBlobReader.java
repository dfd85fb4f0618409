package dev.jbuild.layer.tar;

import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerSink;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;

/**
 * A layer's blob as its entries. What the image claims is checked on the way: the blob's size and digest, and the digest
 * of the uncompressed tar. Both are known only at the end, so the entries are final only once {@link #writeTo} returns.
 */
public final class LayerBlobReader implements LayerSource {
    private final BlobSource source;
    private final Descriptor blob;
    private final Digest diffId;
    private final LayerLimits limits;

    /** @param diffId what the image's config says of the uncompressed tar */
    public LayerBlobReader(BlobSource source, Descriptor blob, Digest diffId, LayerLimits limits) {
        this.source = source;
        this.blob = blob;
        this.diffId = diffId;
        this.limits = limits;
    }

    @Override
    public void writeTo(LayerSink sink) throws IOException {
        String what = "layer " + blob.digest();
        if (!LayerDecompressor.supports(blob.mediaType())) {
            throw new RefusedLayerException(what, "", "its media type " + blob.mediaType() + " is not known");
        }
        MessageDigest hash = diffId.newHash();
        try (InputStream raw = source.open(blob);
                InputStream tar = new DigestInputStream(LayerDecompressor.open(raw, limits, what), hash)) {
            new TarLayerReader(tar, limits, what).writeTo(sink);
            // The decompressor may end before its input does: the blob is verified only at its very end.
            raw.transferTo(java.io.OutputStream.nullOutputStream());
        }
        requireDiffId(hash, what);
    }

    private void requireDiffId(MessageDigest hash, String what) throws RefusedLayerException {
        byte[] actual = hash.digest();
        if (!diffId.matches(actual)) {
            throw new RefusedLayerException(
                    what,
                    "",
                    "its content hashes to " + java.util.HexFormat.of().formatHex(actual) + ", the image's config says "
                            + diffId);
        }
    }
}
