package dev.jbuild.layer.tree;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.RefusedLayerException;

/** The memory that a layer has its reader keep: what it claims of the heap, counted from above, within a limit. */
final class HeldBytes {
    private final String what;
    private final long limit;
    private long count;

    /** @param what is remembered, for the refusal */
    HeldBytes(String what, long limit) {
        this.what = what;
        this.limit = limit;
    }

    /** Before the bytes are kept. */
    void add(EntryPath entry, long bytes) throws RefusedLayerException {
        if (bytes > limit - count) {
            throw new RefusedLayerException(
                    entry,
                    "what must be remembered of " + what + " takes more than " + limit + " bytes (maxHeldBytes)");
        }
        count += bytes;
    }

    void release(long bytes) {
        count -= bytes;
    }
}
