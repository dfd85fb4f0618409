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
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * A layer's blob as its entries. What the image claims is checked on the way: the blob's size and digest, and the digest
 * of the uncompressed tar. Both are known only at the end, so the entries are final only once {@link #writeTo} returns.
 */
public final class LayerBlobReader implements LayerSource {
    /** Compressed bytes; less is inflated sooner than a thread starts. */
    private static final int WORTH_A_THREAD = 64 << 10;

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
        try (InputStream raw = source.open(blob)) {
            read(raw, hash, sink, what);
        }
        requireDiffId(hash, what);
        end(sink, what);
    }

    /** The blob stays open, for the source to look at what a refused one has left. */
    private void read(InputStream raw, MessageDigest hash, LayerSink sink, String what) throws IOException {
        try (InputStream tar =
                ahead(new DigestInputStream(LayerDecompressor.open(new Unclosed(raw), limits, what), hash))) {
            // The reader goes on to the tar's end, and the decompressors to their input's: there the blob is verified.
            new TarLayerReader(tar, limits, what).writeTo(sink);
        } catch (RefusedLayerException e) {
            verifyRest(raw, e);
            // The sink, which may be what refuses, does not know which layer it is given.
            throw e.in(what);
        }
    }

    /**
     * A bit that a disk has turned over makes a stream that cannot be inflated, or a tar that breaks a rule. Only at its end is the
     * blob known for a damaged one, which a store removes: else each build would meet it again.
     */
    private static void verifyRest(InputStream raw, RefusedLayerException refusal) throws IOException {
        try {
            raw.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            e.addSuppressed(refusal);
            throw e;
        }
    }

    private static void end(LayerSink sink, String what) throws IOException {
        try {
            sink.end();
        } catch (RefusedLayerException e) {
            throw e.in(what);
        }
    }

    private InputStream ahead(InputStream tar) {
        return blob.size() < WORTH_A_THREAD ? tar : new ReadAhead(tar);
    }

    private void requireDiffId(MessageDigest hash, String what) throws RefusedLayerException {
        byte[] actual = hash.digest();
        if (!diffId.matches(actual)) {
            throw new RefusedLayerException(
                    what,
                    "",
                    "its content hashes to " + HexFormat.of().formatHex(actual) + ", the image's config says "
                            + diffId);
        }
    }
}
