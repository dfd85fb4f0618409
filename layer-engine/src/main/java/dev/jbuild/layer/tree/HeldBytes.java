package dev.jbuild.layer.tree;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerLimit;
import dev.jbuild.layer.LayerMemory;
import dev.jbuild.layer.RefusedLayerException;
import java.io.IOException;

/** The memory that a layer has its reader keep: what it claims of the heap, counted from above, within a limit. */
final class HeldBytes {
    private final String what;
    private final long limit;
    private final LayerMemory.Share memory;
    private long count;

    /**
     * @param what is remembered, for the refusal
     * @param memory of which it is taken
     */
    HeldBytes(String what, long limit, LayerMemory.Share memory) {
        this.what = what;
        this.limit = limit;
        this.memory = memory;
    }

    /** Before the bytes are kept; waits while layers beside this one have what there is. */
    void add(EntryPath entry, long bytes) throws IOException {
        if (bytes > limit - count) {
            LayerLimit most = new LayerLimit("maxHeldBytes", limit);
            throw new RefusedLayerException(
                    entry, "what must be remembered of " + what + " takes " + most.moreThan("bytes"), most);
        }
        memory.hold(bytes);
        count += bytes;
    }

    void release(long bytes) {
        memory.release(bytes);
        count -= bytes;
    }
}
