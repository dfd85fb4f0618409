package dev.jbuild.layer;

import java.io.IOException;

/**
 * What of a disk stays free whatever a layer expands to: others live on it, too. The file system is asked only when a part of what it last
 * had to spare is written. Not for several threads at a time.
 */
public final class DiskReserve {
    /** Of what there is to spare, a writer takes so small a part unasked, as others write at the same time. */
    private static final int PART = 8;

    private final long reserve;
    private final Free free;
    private long unasked;

    /** How many bytes the file system has free. */
    @FunctionalInterface
    public interface Free {
        long bytes() throws IOException;
    }

    /** @param reserve in bytes */
    public DiskReserve(long reserve, Free free) {
        this.reserve = reserve;
        this.free = free;
    }

    /**
     * Before so many bytes of an entry's content are written.
     *
     * @throws RefusedLayerException when less than the reserve would be left; see {@link LayerLimits#minFreeBytes}
     */
    public void take(EntryPath entry, long bytes) throws IOException {
        if (bytes > unasked) {
            long spare = free.bytes() - reserve;
            if (bytes > spare) {
                throw new RefusedLayerException(
                        entry,
                        "less than " + reserve + " bytes of the disk would be free (" + LayerLimits.MIN_FREE + ")");
            }
            unasked = Math.max(bytes, spare / PART);
        }
        unasked -= bytes;
    }
}
