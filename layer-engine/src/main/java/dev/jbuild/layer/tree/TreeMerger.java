package dev.jbuild.layer.tree;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FileKind;
import dev.jbuild.linux.FileStat;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Moves a layer in overlayfs's form into the plain directory below it, so that this becomes what the two show together. Whole
 * directories move by one rename, so the work is what the layer and the directory share. Both lie in one file system; the
 * layer is used up.
 */
public final class TreeMerger implements Closeable {
    private static final int OWNER_ALL = 0700;
    private static final byte[] NO_NAME = {};
    private static final byte[] SELF = {'.'};

    private final Linux linux;
    private final DirectoryCursor layer;
    private final DirectoryCursor target;
    private final Notes notes = new Notes();

    /** Directories that both have, parents first, as the layer describes them. */
    private final List<Shared> shared = new ArrayList<>();

    private final Deque<EntryPath> rest = new ArrayDeque<>();

    private record Shared(EntryPath path, FileStat status) {}

    private TreeMerger(Linux linux, Path layer, Path target) throws IOException {
        this.linux = linux;
        this.target = new DirectoryCursor(linux, target);
        this.layer = new DirectoryCursor(linux, layer);
    }

    /**
     * Merges a whole layer; what is left of its directory afterwards is for the caller to remove.
     *
     * @return what could not be kept, a sentence each, as {@link TreeWriter#notes}
     */
    public static List<String> merge(Linux linux, Path layer, Path target) throws IOException {
        try (TreeMerger merger = new TreeMerger(linux, layer, target)) {
            merger.share(EntryPath.ROOT, linux.stat(merger.layer.root()));
            while (!merger.rest.isEmpty()) {
                merger.mergeDirectory(merger.rest.pop());
            }
            merger.describeShared();
            return merger.notes.all();
        }
    }

    @Override
    public void close() {
        layer.close();
        target.close();
    }

    private void mergeDirectory(EntryPath directory) throws IOException {
        for (byte[] name : names(directory)) {
            EntryPath path = directory.resolve(Bytes.of(name));
            FileStat now = WhiteoutMarks.look(linux, layer.at(directory), name).orElseThrow();
            Optional<FileStat> old = linux.statAt(target.at(directory), name);
            if (now.isWhiteout()) {
                remove(path, old);
            } else if (isDirectory(now) && old.filter(TreeMerger::isDirectory).isPresent() && !isOpaque(path)) {
                share(path, now);
            } else {
                remove(path, old);
                move(path, now);
            }
        }
    }

    /** Both directories are opened to their owner until the end: an ordinary user could not rename in them otherwise. */
    private void share(EntryPath path, FileStat now) throws IOException {
        shared.add(new Shared(path, now));
        rest.push(path);
        open(layer.at(path), now);
        Fd below = target.at(path);
        open(below, linux.stat(below));
    }

    private void open(Fd directory, FileStat status) throws IOException {
        if ((status.mode() & OWNER_ALL) != OWNER_ALL) {
            linux.chmod(directory, OWNER_ALL);
        }
    }

    private void remove(EntryPath path, Optional<FileStat> old) throws IOException {
        if (old.isPresent()) {
            new TreeRemover(linux).remove(target.at(path.parent()), path.name().toArray());
        }
    }

    private void move(EntryPath path, FileStat now) throws IOException {
        byte[] name = path.name().toArray();
        if (isDirectory(now)) {
            // A directory that moves gets another "..", which takes the right to write in it (rename(2), EACCES).
            open(layer.at(path), now);
        }
        rename(path, now, name);
        if (isDirectory(now)) {
            Fd moved = target.at(path);
            removeMark(moved);
            linux.chmod(moved, now.mode());
        }
    }

    private void rename(EntryPath path, FileStat now, byte[] name) throws IOException {
        try {
            linux.renameAt(layer.at(path.parent()), name, target.at(path.parent()), name);
        } catch (LinuxException e) {
            if (!MetadataWriter.lacksSpaceForOwner(linux, e)
                    || linux.statAt(target.at(path.parent()), name).isEmpty()) {
                throw e;
            }
            notes.add(MetadataWriter.noSpaceForOwner(path, now.uid(), now.gid()));
        }
    }

    private boolean isOpaque(EntryPath path) throws IOException {
        return Xattrs.isOpaque(linux, layer.at(path), NO_NAME);
    }

    private void removeMark(Fd directory) throws IOException {
        if (Xattrs.isOpaque(linux, directory, NO_NAME)) {
            linux.removeXattrAt(directory, NO_NAME, Xattrs.OPAQUE);
        }
    }

    /** The deepest first: a parent's mode may bar the way, and a change in a directory moves its time. */
    private void describeShared() throws IOException {
        for (Shared directory : shared.reversed()) {
            describe(directory.path(), directory.status());
        }
    }

    private void describe(EntryPath path, FileStat status) throws IOException {
        Fd directory = target.at(path);
        FileStat old = linux.stat(directory);
        if (old.uid() != status.uid() || old.gid() != status.gid()) {
            linux.chown(directory, status.uid(), status.gid());
        }
        copyAttributes(layer.at(path), directory);
        linux.chmod(directory, status.mode());
        if (path.isRoot()) {
            linux.setMtimeAt(directory, SELF, status.mtimeSeconds(), status.mtimeNanos());
        } else {
            byte[] name = path.name().toArray();
            linux.setMtimeAt(target.at(path.parent()), name, status.mtimeSeconds(), status.mtimeNanos());
        }
    }

    private void copyAttributes(Fd from, Fd to) throws IOException {
        for (String attribute : linux.listXattrsAt(to, NO_NAME)) {
            if (Xattrs.travels(attribute)
                    && linux.xattrAt(from, NO_NAME, attribute).isEmpty()) {
                linux.removeXattrAt(to, NO_NAME, attribute);
            }
        }
        for (String attribute : linux.listXattrsAt(from, NO_NAME)) {
            Optional<byte[]> value =
                    Xattrs.travels(attribute) ? linux.xattrAt(from, NO_NAME, attribute) : Optional.empty();
            if (value.isPresent()) {
                setAttribute(to, attribute, value.get());
            }
        }
    }

    private void setAttribute(Fd to, String attribute, byte[] value) throws IOException {
        Optional<byte[]> present = linux.xattrAt(to, NO_NAME, attribute);
        if (present.isEmpty() || !Arrays.equals(present.get(), value)) {
            linux.setXattrAt(to, NO_NAME, attribute, value);
        }
    }

    private List<byte[]> names(EntryPath directory) throws IOException {
        try (Fd listing = layer.listing(directory)) {
            return linux.list(listing);
        }
    }

    private static boolean isDirectory(FileStat status) {
        return status.kind() == FileKind.DIRECTORY;
    }
}
