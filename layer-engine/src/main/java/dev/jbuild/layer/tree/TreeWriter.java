package dev.jbuild.layer.tree;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.DiskReserve;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimit;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerMemory;
import dev.jbuild.layer.LayerSink;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.linux.Errno;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Applies one layer into an empty directory, in overlayfs's form: what this layer changes lies there, what it removes is a
 * whiteout (character device 0:0) and a directory that hides the lower one has {@code user.overlay.opaque}. Such
 * directories are stacked with {@code userxattr}.
 *
 * <p>The layer is hostile until it is in place: every entry is reached by directory descriptor and single name, never
 * through a link that the kernel would follow. Parents that are links are resolved inside the merged root. The directory
 * must be one that nobody else can reach; it is complete only after {@link #finish}.
 */
public final class TreeWriter implements LayerSink, Closeable {
    private final LayerTree tree;
    private final EntryWriter writer;
    private final Markers markers;
    private final LayerLimits limits;
    private final DiskReserve disk;
    private long entries;
    private long bytes;
    private boolean isFinished;

    /**
     * @param directory an empty directory
     * @param lower what lies below this layer, or empty when it is the first; it stays the caller's to close
     */
    public TreeWriter(Linux linux, Path directory, Optional<StackedTree> lower, LayerLimits limits) throws IOException {
        this(linux, limits, directory, lower.map(tree -> new LowerTree(() -> tree)), LayerMemory.ofOneLayer());
    }

    private TreeWriter(
            Linux linux, LayerLimits limits, Path directory, Optional<LowerTree> lower, LayerMemory.Share memory)
            throws IOException {
        this.tree = new LayerTree(linux, directory, lower, limits, memory);
        this.disk = DiskReserve.of(linux, directory, limits);
        this.writer = new EntryWriter(linux, tree, limits, disk);
        this.markers = new Markers(linux, tree);
        this.limits = limits;
    }

    /**
     * For a layer that is made beside others, those below it among them.
     *
     * @param lower what lies below it, or empty when it is the first
     * @param memory of this layer; it stays the caller's to close
     */
    public static TreeWriter over(
            Optional<LowerTree> lower, Linux linux, Path directory, LayerLimits limits, LayerMemory.Share memory)
            throws IOException {
        return new TreeWriter(linux, limits, directory, lower, memory);
    }

    /** Applies a whole layer; returns what could not be kept, as {@link #notes}. */
    public static List<String> unpack(
            Linux linux, LayerSource layer, Path directory, Optional<StackedTree> lower, LayerLimits limits)
            throws IOException {
        try (TreeWriter writer = new TreeWriter(linux, directory, lower, limits)) {
            layer.writeTo(writer);
            writer.finish();
            return writer.notes();
        }
    }

    @Override
    public void put(LayerEntry entry, InputStream content) throws IOException {
        count(entry);
        disk.takeEntry(entry);
        try {
            place(entry, content);
        } catch (LinuxException e) {
            throw e.errno() == Errno.ENAMETOOLONG ? tooLong(entry, e) : e;
        }
    }

    /** Finishes: what a layer is refused for even now is told with its name. */
    @Override
    public void end() throws IOException {
        finish();
    }

    /** Puts whiteouts in place and gives directories their metadata; must follow the last entry. */
    public void finish() throws IOException {
        if (!isFinished) {
            isFinished = true;
            markers.apply();
            tree.applyDirectories(writer);
        }
    }

    /** What the layer asked for and this tree does not have, a sentence each: dropped attributes, devices not made. */
    public List<String> notes() {
        return writer.notes();
    }

    @Override
    public void close() {
        tree.close();
    }

    private void place(LayerEntry entry, InputStream content) throws IOException {
        switch (entry.type()) {
            case WHITEOUT, OPAQUE -> tree.hide(entry);
            case DIRECTORY -> writer.directory(entry.withPath(tree.place(entry.path())));
            case HARDLINK -> writer.hardLink(entry.withPath(tree.place(entry.path())));
            case FILE -> writer.file(entry.withPath(tree.place(entry.path())), content);
            case SYMLINK -> writer.symlink(entry.withPath(tree.place(entry.path())));
            case FIFO, CHAR_DEVICE, BLOCK_DEVICE -> writer.node(entry.withPath(tree.place(entry.path())));
        }
    }

    private void count(LayerEntry entry) throws RefusedLayerException {
        entries++;
        bytes += entry.size();
        if (entries > limits.maxEntries()) {
            throw tooMuch(entry, "", "entries", new LayerLimit("maxEntries", limits.maxEntries()));
        }
        if (bytes < 0 || bytes > limits.maxBytes()) {
            throw tooMuch(entry, "files of ", "bytes", new LayerLimit("maxBytes", limits.maxBytes()));
        }
        if (Math.max(entry.path().length(), entry.linkTarget().length()) > limits.maxPathBytes()) {
            throw tooMuch(entry, "a path of ", "bytes", new LayerLimit("maxPathBytes", limits.maxPathBytes()));
        }
    }

    private static RefusedLayerException tooMuch(LayerEntry entry, String of, String unit, LayerLimit limit) {
        return new RefusedLayerException(entry.path(), of + limit.moreThan(unit), limit);
    }

    private static RefusedLayerException tooLong(LayerEntry entry, LinuxException cause) {
        Bytes target = entry.linkTarget();
        String what = target.isEmpty() ? "its name" : "its name or the link's target";
        RefusedLayerException refusal =
                new RefusedLayerException(entry.path(), what + " is longer than this file system takes");
        refusal.initCause(cause);
        return refusal;
    }
}
