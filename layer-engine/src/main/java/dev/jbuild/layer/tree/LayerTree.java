package dev.jbuild.layer.tree;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.linux.Errno;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FileKind;
import dev.jbuild.linux.FileStat;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The directory that a layer is being written to, over what lies below it: where a path lands, and what is there.
 *
 * <p>While the layer is written the directory holds its own entries only. What it hides of the lower tree is kept here, so
 * that the order of entries and whiteouts in the layer does not matter: a whiteout acts on the lower layers alone.
 */
final class LayerTree implements Nodes, Closeable {
    private static final int PRIVATE_MODE = 0700;

    private final Linux linux;
    private final DirectoryCursor own;
    private final Optional<StackedTree> lower;
    private final PathResolver resolver = new PathResolver(this);

    /** Lower entries that are gone with all below them. */
    private final Set<EntryPath> hidden = new HashSet<>();

    /** Directories whose lower content is gone, but not they themselves. */
    private final Set<EntryPath> opaque = new HashSet<>();

    /** What directories become in the end; until then they are ours alone to write in. */
    private final TreeMap<EntryPath, LayerEntry> directories = new TreeMap<>();

    private Optional<EntryPath> lastParent = Optional.empty();
    private EntryPath lastResolved = EntryPath.ROOT;

    LayerTree(Linux linux, Path directory, Optional<StackedTree> lower) throws IOException {
        this.linux = linux;
        this.own = new DirectoryCursor(linux, directory);
        this.lower = lower;
        directories.put(EntryPath.ROOT, implied(EntryPath.ROOT));
    }

    Optional<StackedTree> lower() {
        return lower;
    }

    Set<EntryPath> hiddenEntries() {
        return hidden;
    }

    Set<EntryPath> opaqueDirectories() {
        return opaque;
    }

    /** Where a path that an entry names lands in the merged root; its own last component is not followed. */
    EntryPath resolve(EntryPath entry, EntryPath named) throws IOException {
        return resolve(entry, named, false);
    }

    private EntryPath resolve(EntryPath entry, EntryPath named, boolean followLast) throws IOException {
        try {
            return resolver.landing(named, followLast);
        } catch (NotDirectoryException e) {
            throw refusal(entry, e.getMessage() + " is in its way and is no directory", e);
        } catch (LinkLoopException e) {
            throw refusal(entry, "its parents are links without end", e);
        }
    }

    /** Where an entry is to be written; its parents exist after this. */
    EntryPath place(EntryPath path) throws IOException {
        if (path.isRoot()) {
            return path;
        }
        EntryPath parent = path.parent();
        if (!lastParent.equals(Optional.of(parent))) {
            lastResolved = isOwnDirectory(parent) ? parent : makeParents(path, resolve(path, parent, true));
            lastParent = Optional.of(parent);
        }
        return lastResolved.resolve(path.name());
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

    /** The lower tree's entry, unless this layer hides it. */
    Optional<FileStatus> lowerStat(EntryPath path) throws IOException {
        return lower.isPresent() && isLowerVisible(path) ? lower.get().lookup(path) : Optional.empty();
    }

    @Override
    public Optional<FileStatus> lookup(EntryPath linkFree) throws IOException {
        Optional<FileStat> mine = ownStat(linkFree);
        return mine.isPresent() ? mine.map(FileStatus::of) : lowerStat(linkFree);
    }

    @Override
    public Bytes linkTarget(EntryPath linkFree) throws IOException {
        if (ownStat(linkFree).isPresent()) {
            return Bytes.of(
                    linux.readLinkAt(own.at(linkFree.parent()), linkFree.name().toArray()));
        }
        return lower.orElseThrow().linkTarget(linkFree);
    }

    void hideLower(EntryPath path) {
        if (lower.isPresent()) {
            hidden.add(path);
        }
    }

    void hideLowerContent(EntryPath directory) {
        if (lower.isPresent()) {
            opaque.add(directory);
        }
    }

    /** Remembers what a directory is to become. */
    void promise(LayerEntry directory) {
        directories.put(directory.path(), directory);
    }

    /** Makes a directory of this layer, and what is missing above it, as the lower tree has them. */
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
        lastParent = Optional.empty();
        own.forget(path);
        if (stat.kind() == FileKind.DIRECTORY) {
            new TreeRemover(linux).remove(own.at(path.parent()), path.name().toArray());
            directories.subMap(path, true, pastAllBelow(path), false).clear();
        } else {
            linux.unlinkAt(own.at(path.parent()), path.name().toArray());
        }
        hideLower(path);
    }

    /** Gives directories their metadata, the deepest first: a parent's mode may bar the way, and making entries moves its time. */
    void applyDirectories(EntryWriter writer) throws IOException {
        for (Map.Entry<EntryPath, LayerEntry> promised :
                directories.descendingMap().entrySet()) {
            writer.describeDirectory(promised.getValue());
        }
    }

    @Override
    public void close() {
        own.close();
    }

    /** Whether a path leads through directories of this layer only: then there is nothing to resolve. */
    private boolean isOwnDirectory(EntryPath directory) throws IOException {
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

    private EntryPath makeParents(EntryPath path, EntryPath resolved) throws IOException {
        if (!isOwnDirectory(resolved)) {
            requireDirectory(path, resolved);
            makeDirectories(resolved);
        }
        return resolved;
    }

    private void requireDirectory(EntryPath path, EntryPath parent) throws IOException {
        Optional<FileStatus> status = lookup(parent);
        if (status.isPresent() && !status.get().isDirectory()) {
            throw new RefusedLayerException(path, parent + " is in its way and is no directory");
        }
    }

    /** A directory that the layer does not describe: as the lower tree has it, or as any installer would make it. */
    private LayerEntry implied(EntryPath directory) throws IOException {
        Optional<FileStatus> below = lowerStat(directory).filter(FileStatus::isDirectory);
        if (below.isEmpty()) {
            return LayerEntry.directory(directory, 0755);
        }
        return below.get().toEntry(directory, Bytes.EMPTY, lower.orElseThrow().attributes(directory));
    }

    private boolean isLowerVisible(EntryPath path) {
        if (hidden.isEmpty() && opaque.isEmpty()) {
            return true;
        }
        EntryPath at = path;
        while (!at.isRoot()) {
            if (hidden.contains(at) || opaque.contains(at.parent())) {
                return false;
            }
            at = at.parent();
        }
        return true;
    }

    /** The least path after everything below a directory: no name starts with the byte after the separator's place. */
    private static EntryPath pastAllBelow(EntryPath directory) {
        byte[] bytes = directory.toArray();
        byte[] next = Arrays.copyOf(bytes, bytes.length + 1);
        next[bytes.length] = 1;
        return EntryPath.of(next);
    }

    private static RefusedLayerException refusal(EntryPath path, String rule, IOException cause) {
        RefusedLayerException refusal = new RefusedLayerException(path, rule);
        refusal.initCause(cause);
        return refusal;
    }
}
