package dev.jbuild.layer.tree;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.DiskReserve;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.linux.Errno;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FileKind;
import dev.jbuild.linux.FileStat;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import dev.jbuild.linux.OpenFlag;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Writes single entries whose parents exist. What was in the way is replaced, as the last entry of a name counts. */
final class EntryWriter {
    private static final int PRIVATE_MODE = 0600;
    private static final byte[] SELF = {'.'};
    private static final byte[] NO_NAME = {};

    private final Linux linux;
    private final LayerTree tree;
    private final ContentWriter content;
    private final Notes notes = new Notes();
    private final MetadataWriter metadata;

    EntryWriter(Linux linux, LayerTree tree, LayerLimits limits, DiskReserve disk) {
        this.linux = linux;
        this.tree = tree;
        this.content = new ContentWriter(linux, disk);
        this.metadata = new MetadataWriter(linux, limits, notes);
    }

    List<String> notes() {
        return notes.all();
    }

    void file(LayerEntry entry, InputStream bytes) throws IOException {
        byte[] name = entry.path().name().toArray();
        Fd parent = parent(entry);
        try (Fd file = create(entry.path(), parent, name)) {
            content.write(entry, bytes, file);
            metadata.describe(entry, parent, name, file);
        }
    }

    /** The metadata of a directory waits until all is in it; see {@link #describeDirectory}. */
    void directory(LayerEntry entry) throws IOException {
        metadata.check(entry);
        EntryPath path = entry.path();
        if (!path.isRoot() && !tree.makeDirectory(path)) {
            FileStat there = tree.ownStat(path).orElseThrow();
            if (there.kind() != FileKind.DIRECTORY) {
                tree.remove(path, there);
                tree.makeDirectory(path);
            }
        }
        tree.promise(entry);
    }

    void symlink(LayerEntry entry) throws IOException {
        byte[] name = entry.path().name().toArray();
        makeAnew(entry, parent -> linux.symlinkAt(entry.linkTarget().toArray(), parent, name));
        Fd parent = parent(entry);
        metadata.describeLink(entry, parent, name);
    }

    /** A FIFO or a device. One that this user may not make is left out, and what it covers stays hidden. */
    void node(LayerEntry entry) throws IOException {
        FileKind kind = kind(entry);
        byte[] name = entry.path().name().toArray();
        try {
            makeAnew(
                    entry,
                    parent -> linux.makeNodeAt(parent, name, kind, PRIVATE_MODE, entry.devMajor(), entry.devMinor()));
        } catch (LinuxException e) {
            if (e.errno() != Errno.EPERM || !entry.type().isDevice()) {
                throw e;
            }
            tree.hideLower(entry.path());
            notes.add(entry.path() + ": this user may not make devices, so it is left out");
            return;
        }
        Fd parent = parent(entry);
        try (Fd node = linux.openAt(parent, name, 0, OpenFlag.PATH, OpenFlag.NO_FOLLOW)) {
            metadata.describeNode(entry, parent, name, node);
        }
    }

    void hardLink(LayerEntry entry) throws IOException {
        EntryPath target = tree.linkTarget(entry);
        bringUp(target);
        clear(entry.path());
        // The two directories are open one after the other: the cursor holds only the one last asked for.
        try (Fd from = linux.openAt(tree.directory(target.parent()), SELF, 0, OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            link(entry, from, target.name().toArray());
        }
    }

    private void link(LayerEntry entry, Fd from, byte[] target) throws IOException {
        Fd parent = parent(entry);
        byte[] name = entry.path().name().toArray();
        try {
            linux.linkAt(from, target, parent, name);
        } catch (LinuxException e) {
            Optional<FileStat> linked = linux.statAt(parent, name);
            if (!MetadataWriter.lacksSpaceForOwner(linux, e) || linked.isEmpty()) {
                throw e;
            }
            FileStat stat = linux.statAt(from, target).orElseThrow();
            notes.add(MetadataWriter.noSpaceForOwner(entry.path(), stat.uid(), stat.gid()));
        }
    }

    void describeDirectory(LayerEntry entry) throws IOException {
        EntryPath path = entry.path();
        Fd directory = tree.directory(path);
        metadata.describeButTime(entry, directory, NO_NAME, directory);
        if (path.isRoot()) {
            linux.setMtimeAt(
                    directory, SELF, entry.mtime().seconds(), entry.mtime().nanos());
        } else {
            Fd parent = parent(entry);
            linux.setMtimeAt(
                    parent,
                    path.name().toArray(),
                    entry.mtime().seconds(),
                    entry.mtime().nanos());
        }
    }

    /** Makes sure that a link's target is an entry of this layer: one of a lower layer is copied up. */
    private void bringUp(EntryPath target) throws IOException {
        if (tree.ownStat(target).isEmpty()) {
            copyUp(target, tree.lowerStat(target).orElseThrow(), tree.lower().orElseThrow());
        }
    }

    private void copyUp(EntryPath path, FileStatus status, StackedTree lower) throws IOException {
        tree.makeDirectories(path.parent());
        Bytes linkTarget = status.isLink() ? lower.linkTarget(path) : Bytes.EMPTY;
        LayerEntry entry = status.toEntry(path, linkTarget, lower.xattrs(path));
        if (status.isFile()) {
            try (InputStream bytes = lower.open(path)) {
                file(entry, bytes);
            }
        } else if (status.isLink()) {
            symlink(entry);
        } else {
            node(entry);
        }
    }

    private FileKind kind(LayerEntry entry) throws RefusedLayerException {
        return switch (entry.type()) {
            case FIFO -> FileKind.FIFO;
            case BLOCK_DEVICE -> FileKind.BLOCK_DEVICE;
            case CHAR_DEVICE -> {
                // Overlayfs would take this very device for a whiteout.
                require(entry, entry.devMajor() != 0 || entry.devMinor() != 0, "the character device 0:0");
                yield FileKind.CHAR_DEVICE;
            }
            case FILE, DIRECTORY, SYMLINK, HARDLINK, WHITEOUT, OPAQUE ->
                throw new IllegalArgumentException(entry.path() + " is no device or FIFO");
        };
    }

    /** One attempt to make an entry in its open parent. */
    @FunctionalInterface
    private interface Making {
        void in(Fd parent) throws IOException;
    }

    private void makeAnew(LayerEntry entry, Making making) throws IOException {
        try {
            making.in(parent(entry));
        } catch (LinuxException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
            clear(entry.path());
            making.in(parent(entry));
        }
    }

    private Fd create(EntryPath path, Fd parent, byte[] name) throws IOException {
        try {
            return createIn(parent, name);
        } catch (LinuxException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
            clear(path);
            return createIn(tree.directory(path.parent()), name);
        }
    }

    private Fd createIn(Fd parent, byte[] name) throws IOException {
        return linux.openAt(
                parent, name, PRIVATE_MODE, OpenFlag.WRITE, OpenFlag.CREATE, OpenFlag.EXCLUSIVE, OpenFlag.NO_FOLLOW);
    }

    private void clear(EntryPath path) throws IOException {
        Optional<FileStat> there = tree.ownStat(path);
        if (there.isPresent()) {
            tree.remove(path, there.get());
        }
    }

    private Fd parent(LayerEntry entry) throws IOException {
        return tree.directory(entry.path().parent());
    }

    private static void require(LayerEntry entry, boolean holds, String rule) throws RefusedLayerException {
        if (!holds) {
            throw new RefusedLayerException(entry.path(), rule);
        }
    }
}
