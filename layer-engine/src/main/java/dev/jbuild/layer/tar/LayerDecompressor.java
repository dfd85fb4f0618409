package dev.jbuild.layer.tar;

import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.oci.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/** Opens a layer's blob as its tar stream, in bounded memory and within the limits on size and ratio. */
public final class LayerDecompressor {
    private static final int MAGIC = 6;

    private LayerDecompressor() {}

    /** Whether this is the media type of a layer that {@link #open} can read. */
    public static boolean supports(String mediaType) {
        return switch (mediaType) {
            case MediaTypes.OCI_LAYER,
                    MediaTypes.OCI_LAYER_GZIP,
                    MediaTypes.OCI_LAYER_ZSTD,
                    MediaTypes.DOCKER_LAYER,
                    MediaTypes.DOCKER_LAYER_GZIP -> true;
            default -> false;
        };
    }

    /**
     * Recognises gzip, zstd and plain tar by their first bytes, as containerd does: the media type is only a claim.
     *
     * @param blob closed with the answer
     * @param what names the layer in refusals
     * @throws RefusedLayerException now or while reading: a truncated or damaged stream, bytes after it, a limit passed
     */
    public static InputStream open(InputStream blob, LayerLimits limits, String what) throws IOException {
        CountingInputStream counted = new CountingInputStream(blob);
        PushbackInputStream in = new PushbackInputStream(counted, MAGIC);
        byte[] magic = in.readNBytes(MAGIC);
        in.unread(magic);
        return new BoundedExpansion(expand(in, magic, limits, what), counted, limits, what);
    }

    private static InputStream expand(InputStream in, byte[] magic, LayerLimits limits, String what)
            throws IOException {
        if (startsWith(magic, 0x1f, 0x8b)) {
            return new GzipInflater(in, DeflateDecoder.fastest());
        }
        // A zstd frame, or one of the sixteen skippable ones.
        if (startsWith(magic, 0x28, 0xb5, 0x2f, 0xfd) || isSkippableFrame(magic)) {
            return new ZstdInflater(in, limits.maxZstdWindowBytes());
        }
        if (startsWith(magic, 0xfd, '7', 'z', 'X', 'Z') || startsWith(magic, 'B', 'Z', 'h')) {
            throw new RefusedLayerException(what, "", "layers are compressed by gzip, zstd or not at all");
        }
        return in;
    }

    private static boolean isSkippableFrame(byte[] magic) {
        return magic.length >= 4 && (magic[0] & 0xf0) == 0x50 && startsWith(magic, magic[0] & 0xff, 0x2a, 0x4d, 0x18);
    }

    static boolean startsWith(byte[] bytes, int... prefix) {
        if (bytes.length < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if ((bytes[i] & 0xff) != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
