package dev.jbuild.layer.tree;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerMemory;
import dev.jbuild.linux.Errno;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FileKind;
import dev.jbuild.linux.FileStat;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The directory that a layer is being written to, over what lies below it: where a path lands, and what is there.
 *
 * <p>While the layer is written the directory holds its own entries only. What it hides of the lower tree is kept here, so
 * that the order of entries and whiteouts in the layer does not matter: a whiteout acts on the lower layers alone.
 */
final class LayerTree extends Placement implements Closeable {
    private static final int PRIVATE_MODE = 0700;

    /** An entry with its path and time, in the map's node. */
    private static final long PROMISE_COST = 192;

    /** A name and a value, in the map's node. */
    private static final long ATTRIBUTE_COST = 144;

    private final Linux linux;
    private final DirectoryCursor own;
    private final Optional<LowerTree> lower;
    private final HeldBytes held;
    private final HiddenPaths hidden;

    /** What directories become in the end; until then they are ours alone to write in. */
    private final TreeMap<EntryPath, LayerEntry> directories = new TreeMap<>();

    LayerTree(Linux linux, Path directory, Optional<LowerTree> lower, LayerLimits limits, LayerMemory.Share memory)
            throws IOException {
        this.linux = linux;
        this.own = new DirectoryCursor(linux, directory);
        this.lower = lower;
        this.held = new HeldBytes("directories, attributes and whiteouts", limits.maxHeldBytes(), memory);
        this.hidden = new HiddenPaths(held);
    }

    /** Waits for it to be made. */
    Optional<StackedTree> lower() throws IOException {
        return lower.isPresent() ? Optional.of(lower.get().tree()) : Optional.empty();
    }

    Set<EntryPath> hiddenEntries() {
        return hidden.entries();
    }

    Set<EntryPath> opaqueDirectories() {
        return hidden.opaqueDirectories();
    }

    /** The open directory of this layer, which must exist. */
    Fd directory(EntryPath directory) throws IOException {
        return own.at(directory);
    }

    Fd listing(EntryPath directory) throws IOException {
        return own.listing(directory);
    }

    /** This layer's own entry. */
    Optional<FileStat> ownStat(EntryPath path) throws IOException {
        if (path.isRoot()) {
            return Optional.of(linux.stat(own.root()));
        }
        try {
            return linux.statAt(own.at(path.parent()), path.name().toArray());
        } catch (LinuxException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    Optional<FileStatus> own(EntryPath path) throws IOException {
        return ownStat(path).map(FileStatus::of);
    }

    /** What is no directory in this layer covers all that the lower tree has below that name. */
    @Override
    Optional<FileStatus> lowerStat(EntryPath path) throws IOException {
        return lower.isPresent() && hidden.isVisible(path) && !isBarred(path)
                ? lower.get().tree().lookup(path)
                : Optional.empty();
    }

    @Override
    public Bytes linkTarget(EntryPath linkFree) throws IOException {
        if (ownStat(linkFree).isPresent()) {
            return Bytes.of(
                    linux.readLinkAt(own.at(linkFree.parent()), linkFree.name().toArray()));
        }
        return lower.orElseThrow().tree().linkTarget(linkFree);
    }

    @Override
    void hideLower(EntryPath path) throws IOException {
        if (lower.isPresent()) {
            hidden.hide(path);
        }
    }

    @Override
    void hideLowerContent(EntryPath directory) throws IOException {
        if (lower.isPresent()) {
            hidden.hideContent(directory);
        }
    }

    /** Remembers what a directory is to become. */
    void promise(LayerEntry directory) throws IOException {
        held.add(directory.path(), cost(directory));
        LayerEntry before = directories.put(directory.path(), directory);
        if (before != null) {
            held.release(cost(before));
        }
    }

    @Override
    void makeDirectories(EntryPath directory) throws IOException {
        EntryPath at = EntryPath.ROOT;
        for (Bytes name : directory.components()) {
            EntryPath next = at.resolve(name);
            if (ownStat(next).isEmpty()) {
                LayerEntry implied = implied(next);
                linux.makeDirectoryAt(own.at(at), name.toArray(), PRIVATE_MODE);
                promise(implied);
            }
            at = next;
        }
    }

    /** Makes a directory that a later {@link #promise} describes; false when an entry of that name is there. */
    boolean makeDirectory(EntryPath directory) throws IOException {
        try {
            linux.makeDirectoryAt(own.at(directory.parent()), directory.name().toArray(), PRIVATE_MODE);
            return true;
        } catch (LinuxException e) {
            if (e.errno() == Errno.EEXIST) {
                return false;
            }
            throw e;
        }
    }

    /** Removes this layer's own entry with all below it; the lower one stays hidden. */
    void remove(EntryPath path, FileStat stat) throws IOException {
        forgetPlaces();
        if (stat.kind() == FileKind.DIRECTORY) {
            new TreeRemover(linux).remove(own.at(path.parent()), path.name().toArray());
            forgetPromises(path);
        } else {
            linux.unlinkAt(own.at(path.parent()), path.name().toArray());
        }
        hideLower(path);
    }

    /** Gives directories their metadata, the deepest first: a parent's mode may bar the way, and making entries moves its time. */
    void applyDirectories(EntryWriter writer) throws IOException {
        if (!directories.containsKey(EntryPath.ROOT)) {
            directories.put(EntryPath.ROOT, implied(EntryPath.ROOT));
        }
        for (Map.Entry<EntryPath, LayerEntry> promised :
                directories.descendingMap().entrySet()) {
            writer.describeDirectory(promised.getValue());
        }
    }

    @Override
    public void close() {
        own.close();
    }

    @Override
    boolean isOwnDirectory(EntryPath directory) throws IOException {
        try {
            own.at(directory);
            return true;
        } catch (LinuxException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
                return false;
            }
            throw e;
        }
    }

    private boolean isBarred(EntryPath path) throws IOException {
        try {
            own.at(path.parent());
            return false;
        } catch (LinuxException e) {
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            if (e.errno() == Errno.ENOTDIR) {
                return true;
            }
            throw e;
        }
    }

    private void forgetPromises(EntryPath directory) {
        SortedMap<EntryPath, LayerEntry> below = directories.subMap(directory, pastAllBelow(directory));
        below.values().forEach(promise -> held.release(cost(promise)));
        below.clear();
    }

    /** Bytes of heap that a promise takes. */
    private static long cost(LayerEntry directory) {
        long cost = PROMISE_COST + directory.path().length();
        for (Map.Entry<String, Bytes> attribute : directory.xattrs().entrySet()) {
            cost += ATTRIBUTE_COST
                    + 2L * attribute.getKey().length()
                    + attribute.getValue().length();
        }
        return cost;
    }

    /** A directory that the layer does not describe: as the lower tree has it, or as any installer would make it. */
    private LayerEntry implied(EntryPath directory) throws IOException {
        Optional<FileStatus> below = lowerStat(directory).filter(FileStatus::isDirectory);
        if (below.isEmpty()) {
            return LayerEntry.directory(directory, 0755);
        }
        return below.get()
                .toEntry(directory, Bytes.EMPTY, lower.orElseThrow().tree().xattrs(directory));
    }

    /** The least path after everything below a directory: no name starts with the byte after the separator's place. */
    private static EntryPath pastAllBelow(EntryPath directory) {
        byte[] bytes = directory.toArray();
        byte[] next = Arrays.copyOf(bytes, bytes.length + 1);
        next[bytes.length] = 1;
        return EntryPath.of(next);
    }
}
