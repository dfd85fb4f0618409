package dev.jbuild.layer.tree;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerMemory;
import dev.jbuild.layer.LayerSink;
import dev.jbuild.layer.RefusedLayerException;
import java.io.IOException;
import java.io.InputStream;

/**
 * What the layers of an image make together, by names and kinds alone: it refuses what {@link TreeWriter} refuses, and writes
 * nothing.
 */
public final class ImageOutline implements LayerSink {
    private final HeldBytes held;
    private final NameTree layers;
    private final Remarks remarks;
    private OutlineLayer layer;

    /** Hears of what is taken and yet in no well-made layer. */
    @FunctionalInterface
    public interface Remarks {
        /** @param what about the path, as {@code comes twice} */
        void tell(EntryPath path, String what);
    }

    /** @param limits of which twice {@code maxHeldBytes} are for all names of the image together */
    public ImageOutline(LayerLimits limits, Remarks remarks) {
        long most = Math.min(limits.maxHeldBytes(), Long.MAX_VALUE / 2) * 2;
        this.held = new HeldBytes("all names of the image", most, LayerMemory.ofOneLayer());
        this.layers = new NameTree(held);
        this.remarks = remarks;
        this.layer = new OutlineLayer(held, layers, remarks);
    }

    /** @throws RefusedLayerException when the entry cannot be where it says */
    @Override
    public void put(LayerEntry entry, InputStream content) throws IOException {
        layer.put(entry);
    }

    /** What follows belongs to the next layer up. */
    public void finishLayer() {
        layer.finish();
        layer = new OutlineLayer(held, layers, remarks);
    }
}
