package dev.jbuild.layer.tree;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.linux.Errno;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FdInputStream;
import dev.jbuild.linux.FileKind;
import dev.jbuild.linux.FileStat;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import dev.jbuild.linux.OpenFlag;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** One directory on disk, reached by link-free paths only. Its methods take turns: they share the open directories. */
final class ConfinedDirectory implements Closeable {
    private static final byte[] NO_NAME = {};

    private final Linux linux;
    private final DirectoryCursor cursor;
    private final Look look;

    /** How what a name is is found out. */
    @FunctionalInterface
    private interface Look {
        Optional<FileStat> at(Linux linux, Fd directory, byte[] name) throws IOException;
    }

    /** One of the store's. */
    ConfinedDirectory(Linux linux, Path root) throws IOException {
        this(linux, root, WhiteoutMarks::look);
    }

    private ConfinedDirectory(Linux linux, Path root, Look look) throws IOException {
        this.linux = linux;
        this.cursor = new DirectoryCursor(linux, root);
        this.look = look;
    }

    /**
     * One of the host's, which holds neither marks of this program nor its records of owners. Both are attributes that only
     * who may read a file may ask for (xattr(7)), and a user may list files that are not theirs to read.
     */
    static ConfinedDirectory ofHost(Linux linux, Path root) throws IOException {
        return new ConfinedDirectory(linux.withoutRecords(), root, Linux::statAt);
    }

    synchronized Optional<FileStat> lookup(EntryPath path) throws IOException {
        if (path.isRoot()) {
            return Optional.of(linux.stat(cursor.root()));
        }
        try {
            return look.at(linux, cursor.at(path.parent()), path.name().toArray());
        } catch (LinuxException e) {
            if (isAbsence(e.errno())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    synchronized Bytes linkTarget(EntryPath path) throws IOException {
        return Bytes.of(linux.readLinkAt(cursor.at(path.parent()), path.name().toArray()));
    }

    /** The names in a directory, in no order. */
    synchronized List<Bytes> names(EntryPath directory) throws IOException {
        try (Fd listing = cursor.listing(directory)) {
            List<Bytes> names = new ArrayList<>();
            for (byte[] name : linux.list(listing)) {
                names.add(Bytes.of(name));
            }
            return names;
        }
    }

    synchronized SortedMap<String, Bytes> attributes(EntryPath path) throws IOException {
        return Xattrs.read(linux, cursor.at(path.parent()), path.name().toArray());
    }

    synchronized boolean isOpaque(EntryPath directory) throws IOException {
        return Xattrs.isOpaque(linux, cursor.at(directory), NO_NAME);
    }

    /**
     * The content of a regular file.
     *
     * @param seen what a {@link #lookup} has just found there: nothing else than a file is opened, and that is looked at again
     */
    InputStream content(EntryPath path, FileKind seen) throws IOException {
        requireFile(path, seen);
        Fd file = openToRead(path);
        try {
            requireFile(path, linux.stat(file).kind());
            return new FdInputStream(linux, file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public synchronized void close() {
        cursor.close();
    }

    private synchronized Fd openToRead(EntryPath path) throws IOException {
        return linux.openAt(
                cursor.at(path.parent()),
                path.name().toArray(),
                0,
                OpenFlag.READ,
                OpenFlag.NO_FOLLOW,
                OpenFlag.NON_BLOCK);
    }

    private static void requireFile(EntryPath path, FileKind kind) throws FileSystemException {
        if (kind != FileKind.FILE) {
            throw new FileSystemException(path.toString(), null, "is not a regular file: " + kind);
        }
    }

    /** What the kernel says of a path that cannot be there. */
    private static boolean isAbsence(int errno) {
        return errno == Errno.ENOENT || errno == Errno.ENOTDIR || errno == Errno.ELOOP || errno == Errno.ENAMETOOLONG;
    }
}
