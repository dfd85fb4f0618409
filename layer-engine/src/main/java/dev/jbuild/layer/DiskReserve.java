package dev.jbuild.layer;

import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.OpenFlag;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What of a disk stays free whatever a layer expands to: others live on it, too. The file system is asked only when a part of what it last
 * had to spare is written. Not for several threads at a time.
 */
public final class DiskReserve {
    /** What a file, a directory or a link may take beside its content: a block, as most file systems have it. */
    private static final long BLOCK = 4096;

    /** Of what there is to spare, a writer takes so small a part unasked, as others write at the same time. */
    private static final int PART = 8;

    /** And never more: no number of writers is known. */
    private static final long MOST = 64L << 20;

    private final Path folder;
    private final long reserve;
    private final Free free;
    private long unasked;

    /** How many bytes the file system has free. */
    @FunctionalInterface
    interface Free {
        long bytes() throws IOException;
    }

    DiskReserve(Path folder, long reserve, Free free) {
        this.folder = folder;
        this.reserve = reserve;
        this.free = free;
    }

    /** Of the disk that a folder lies on, as {@link LayerLimits#minFreeBytes} says. */
    public static DiskReserve of(Linux linux, Path folder, LayerLimits limits) {
        return new DiskReserve(folder, limits.minFreeBytes(), () -> {
            try (Fd file = linux.open(folder, OpenFlag.PATH, OpenFlag.DIRECTORY)) {
                return linux.space(file).availableBytes();
            }
        });
    }

    /**
     * Before an entry is made, whatever it is.
     *
     * @throws RefusedLayerException when less than the reserve would be left
     */
    public void takeEntry(LayerEntry entry) throws IOException {
        long bytes = BLOCK + entry.linkTarget().length();
        for (Bytes value : entry.xattrs().values()) {
            bytes += value.length();
        }
        take(entry.path(), bytes);
    }

    /**
     * Before so many bytes of an entry's content are written.
     *
     * @throws RefusedLayerException when less than the reserve would be left
     */
    public void take(EntryPath entry, long bytes) throws IOException {
        // Without a reserve the disk itself says what it takes: not every file system tells what it has free.
        if (reserve > 0 && bytes > unasked) {
            ask(entry, bytes);
        }
        unasked -= bytes;
    }

    private void ask(EntryPath entry, long bytes) throws IOException {
        long spare = free.bytes() - reserve;
        if (bytes > spare) {
            LayerLimit limit = new LayerLimit(LayerLimits.MIN_FREE, reserve);
            throw new RefusedLayerException(
                    entry,
                    "the disk of " + folder + " would have less than " + reserve + " bytes free " + limit,
                    limit);
        }
        unasked = Math.max(bytes, Math.min(MOST, spare / PART));
    }
}
