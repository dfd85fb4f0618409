package dev.jbuild.layer.tree;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A root directory that is read as if it were {@code /}: no path and no link leads out of it, whoever changes it meanwhile.
 *
 * <p>Links among the directories of a path are resolved inside the root, absolute ones from its top; the last component is
 * followed only where a method says so. A path whose links do not end is a {@link LinkLoopException} everywhere.
 * Implementations may be used by several threads.
 */
public interface FileTree extends Closeable {
    /** The kernel's own bound on the links of one path (MAXSYMLINKS). */
    int MAX_LINKS = 40;

    /** An entry of a directory. */
    record Child(Bytes name, FileStatus status) {}

    /** What a path names, a link itself; empty when nothing is there. */
    Optional<FileStatus> lstat(EntryPath path) throws IOException;

    /** What a path names once all links are followed; empty when nothing is there. */
    Optional<FileStatus> stat(EntryPath path) throws IOException;

    /** The path without links that names the same entry; empty when nothing is there. */
    Optional<EntryPath> realPath(EntryPath path, boolean followLast) throws IOException;

    /**
     * Where a file written to that path would land: as {@link #realPath}, but what does not exist is kept as it is spelled.
     *
     * @throws java.nio.file.NotDirectoryException when something other than a directory is in the way
     */
    EntryPath landing(EntryPath path, boolean followLast) throws IOException;

    /**
     * The entries of a directory, sorted by the bytes of their names. The directory itself is not reached through a last
     * link.
     *
     * @throws java.nio.file.NoSuchFileException when nothing is there
     * @throws java.nio.file.NotDirectoryException when it is not a directory
     */
    List<Child> list(EntryPath directory) throws IOException;

    /**
     * The content of a regular file. Anything else is refused without waiting for it: a FIFO or a device could block for
     * ever.
     *
     * @throws java.nio.file.NoSuchFileException when nothing is there
     */
    InputStream open(EntryPath path) throws IOException;

    /** The text of a symbolic link, as it is. */
    Bytes readLink(EntryPath path) throws IOException;

    /** An entry's extended attributes that layers may carry; see {@link Xattrs#travels}. */
    SortedMap<String, Bytes> xattrs(EntryPath path) throws IOException;
}
