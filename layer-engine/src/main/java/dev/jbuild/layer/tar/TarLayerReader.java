package dev.jbuild.layer.tar;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimit;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerSink;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.RefusedLayerException;
import java.io.IOException;
import java.io.InputStream;

/**
 * A tar stream as layer entries, in the stream's own order, read so strictly that no other reader can see another list:
 * where tar readers disagree (sizes on links, two names for one entry, global headers, content after the end), the layer
 * is refused. It understands ustar, PAX, GNU long names, both GNU sparse forms that are still written, star and V7.
 *
 * <p>The stream is read to its end, so that a digest taken of it covers all of it.
 */
public final class TarLayerReader implements LayerSource {
    private final TarInput in;
    private final LayerLimits limits;
    private final String what;
    private long entries;
    private long contentBytes;

    /**
     * @param tar uncompressed; not closed
     * @param what names the layer in refusals, as {@code layer sha256:…}
     */
    public TarLayerReader(InputStream tar, LayerLimits limits, String what) {
        this.in = new TarInput(tar);
        this.limits = limits;
        this.what = what;
    }

    /** @throws RefusedLayerException when the stream breaks a rule; what the sink throws passes through */
    @Override
    public void writeTo(LayerSink sink) throws IOException {
        byte[] block = new byte[TarInput.BLOCK];
        Extensions extensions = new Extensions();
        Bytes shown = Bytes.EMPTY;
        try {
            while (in.readBlock(block) && !HeaderBlock.isZero(block)) {
                shown = Bytes.EMPTY;
                HeaderBlock header = new HeaderBlock(block);
                shown = header.ownName();
                if (!extensions.take(header, in, limits)) {
                    EntryHeader entry = new EntryHeader(header, extensions, limits);
                    shown = entry.name();
                    put(entry, sink);
                    extensions = new Extensions();
                    shown = Bytes.EMPTY;
                }
            }
            requireEnd(extensions);
        } catch (TarSyntaxException e) {
            RefusedLayerException refused = new RefusedLayerException(what, shown.toString(), e.rule(), e.limit());
            refused.initCause(e);
            throw refused;
        }
    }

    private void requireEnd(Extensions extensions) throws IOException {
        if (extensions.isPresent()) {
            throw new TarSyntaxException("an extended header without its entry");
        }
        in.requireOnlyZeros();
    }

    private void put(EntryHeader header, LayerSink sink) throws IOException {
        requireCount();
        long stored = header.storedSize();
        EntryContent content = new EntryContent(in, stored);
        if (header.isOldSparse()) {
            SparseMap map = SparseMap.ofGnuHeader(header.block(), in);
            putSparse(header, content, map, header.oldSparseSize(), stored, sink);
        } else if (header.isPaxSparse()) {
            SparseMap map = SparseMap.ofContent(content);
            putSparse(header, content, map, header.paxSparseSize(), stored - map.read(), sink);
        } else {
            LayerEntry entry = header.entry(stored);
            requireBytes(stored);
            if (!Whiteouts.isAufsMetadata(entry.path())) {
                sink.put(entry, content);
            }
        }
        content.drain();
        in.skip(TarInput.padding(stored));
    }

    private void putSparse(
            EntryHeader header, EntryContent content, SparseMap map, long size, long stored, LayerSink sink)
            throws IOException {
        map.requireFits(size, stored);
        requireBytes(size);
        sink.put(header.entry(size), new SparseContent(content, map, size));
    }

    private void requireCount() throws TarSyntaxException {
        if (++entries > limits.maxEntries()) {
            LayerLimit limit = new LayerLimit("maxEntries", limits.maxEntries());
            throw new TarSyntaxException(limit.moreThan("entries"), limit);
        }
    }

    private void requireBytes(long size) throws TarSyntaxException {
        if (size > limits.maxBytes() - contentBytes) {
            LayerLimit limit = new LayerLimit("maxBytes", limits.maxBytes());
            throw new TarSyntaxException("files of " + limit.moreThan("bytes in all"), limit);
        }
        contentBytes += size;
    }
}
