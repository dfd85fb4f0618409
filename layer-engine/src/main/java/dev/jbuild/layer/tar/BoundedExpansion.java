package dev.jbuild.layer.tar;

import dev.jbuild.layer.LayerLimit;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.RefusedLayerException;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.zip.ZipException;

/** Stops a decompression bomb: by the bytes that came out, and by how many came out for each that went in. */
final class BoundedExpansion extends FilterInputStream {
    private final CountingInputStream compressed;
    private final LayerLimits limits;
    private final String what;
    private long expanded;

    BoundedExpansion(InputStream in, CountingInputStream compressed, LayerLimits limits, String what) {
        super(in);
        this.compressed = compressed;
        this.limits = limits;
        this.what = what;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count;
        try {
            count = in.read(buffer, offset, length);
        } catch (ZipException | EOFException e) {
            throw refused("its compressed stream is damaged: " + e.getMessage(), Optional.empty(), e);
        } catch (WindowException e) {
            throw refused(e.rule(), Optional.of(e.limit()), e);
        }
        expanded += Math.max(count, 0);
        requireWithinLimits();
        return count;
    }

    private RefusedLayerException refused(String rule, Optional<LayerLimit> limit, IOException cause) {
        RefusedLayerException refused = new RefusedLayerException(what, "", rule, limit);
        refused.initCause(cause);
        return refused;
    }

    @Override
    public long skip(long bytes) throws IOException {
        byte[] skipped = new byte[(int) Math.min(Math.max(bytes, 0), 65536)];
        return Math.max(0, read(skipped, 0, skipped.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void requireWithinLimits() throws RefusedLayerException {
        if (expanded > limits.maxBytes()) {
            throw tooLarge("bytes", new LayerLimit("maxBytes", limits.maxBytes()));
        }
        if (expanded > limits.ratioFreeBytes() && expanded / limits.maxRatio() > compressed.count()) {
            throw tooLarge("times its size", new LayerLimit("maxRatio", limits.maxRatio()));
        }
    }

    private RefusedLayerException tooLarge(String unit, LayerLimit limit) {
        return new RefusedLayerException(what, "", "it expands to " + limit.moreThan(unit), Optional.of(limit));
    }
}
