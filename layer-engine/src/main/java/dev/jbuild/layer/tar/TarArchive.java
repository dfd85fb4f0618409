package dev.jbuild.layer.tar;

import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.RefusedLayerException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Tar archives as people make them, told by their content: plain, or compressed by gzip, bzip2, xz or zstd. They are held to
 * the same rules and limits as layers.
 */
public final class TarArchive {
    private TarArchive() {}

    /**
     * Whether a file begins, once it is decompressed, with a tar entry; an empty archive has none.
     *
     * @param file not closed
     * @param what names the file in refusals
     * @throws RefusedLayerException when telling takes more than the limits allow
     */
    public static boolean isOne(InputStream file, LayerLimits limits, String what) throws IOException {
        byte[] block = new byte[TarInput.BLOCK];
        try (InputStream tar = ArchiveDecompressor.open(new Unclosed(file), limits, what)) {
            if (!new TarInput(tar).readBlock(block) || HeaderBlock.isZero(block)) {
                return false;
            }
            HeaderBlock header = new HeaderBlock(block);
            return header.size() >= 0;
        } catch (TarSyntaxException e) {
            return false;
        } catch (RefusedLayerException e) {
            if (e.limit().isPresent()) {
                throw e;
            }
            // Something else that begins like a compressed file, or is one of something else.
            return false;
        }
    }

    /**
     * An archive's members in its order.
     *
     * @param file read once, by the first who asks for the members; not closed
     * @param what names the archive in refusals
     */
    public static LayerSource read(InputStream file, LayerLimits limits, String what) {
        return sink -> {
            try (InputStream tar = ArchiveDecompressor.open(new Unclosed(file), limits, what)) {
                new TarLayerReader(tar, limits, what).writeTo(sink);
            } catch (RefusedLayerException e) {
                // The sink may be what refuses.
                throw e.in(what);
            }
        };
    }
}
