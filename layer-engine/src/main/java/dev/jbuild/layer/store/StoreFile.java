package dev.jbuild.layer.store;

import dev.jbuild.linux.Errno;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FdInputStream;
import dev.jbuild.linux.FileKind;
import dev.jbuild.linux.FileStat;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import dev.jbuild.linux.OpenFlag;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/** Opens files of the store: regular ones of the present user, reached without following a link or waiting for a FIFO. */
final class StoreFile {
    private StoreFile() {}

    /** The open file, for reading; empty when it is not there. */
    static Optional<Fd> open(Linux linux, Path path) throws IOException {
        return open(
                linux, path.toString(), () -> linux.open(path, OpenFlag.READ, OpenFlag.NO_FOLLOW, OpenFlag.NON_BLOCK));
    }

    /**
     * The open file of that name in an open folder; empty when it is not there.
     *
     * @param access {@link OpenFlag#READ} or {@link OpenFlag#READ_WRITE}
     */
    static Optional<Fd> openAt(Linux linux, Fd folder, String name, OpenFlag access) throws IOException {
        return open(
                linux,
                folder.path() + "/" + name,
                () -> linux.openAt(folder, StoreFolders.name(name), 0, access, OpenFlag.NO_FOLLOW, OpenFlag.NON_BLOCK));
    }

    /** A file that only stands for something, as a lock does: made when it is not there. */
    static Fd openOrMake(Linux linux, Path path) throws IOException {
        return open(
                        linux,
                        path.toString(),
                        () -> linux.open(
                                path, OpenFlag.READ_WRITE, OpenFlag.CREATE, OpenFlag.NO_FOLLOW, OpenFlag.NON_BLOCK))
                .orElseThrow(() -> new StoreException("the store's " + path + " cannot be made: its folder is gone"));
    }

    /** Whether a file of that name is there, told by one call. */
    static boolean isThere(Linux linux, Fd folder, String name) throws IOException {
        Optional<FileStat> stat = linux.withoutRecords().statAt(folder, StoreFolders.name(name));
        if (stat.isPresent()) {
            requireOwnFile(linux, folder.path() + "/" + name, stat.get());
        }
        return stat.isPresent();
    }

    /** How a file is opened. */
    @FunctionalInterface
    private interface Opening {
        Fd open() throws IOException;
    }

    private static Optional<Fd> open(Linux linux, String path, Opening opening) throws IOException {
        Fd file;
        try {
            file = opening.open();
        } catch (LinuxException e) {
            switch (e.errno()) {
                case Errno.ENOENT -> {
                    return Optional.empty();
                }
                // ELOOP is what O_NOFOLLOW says of a link, ENXIO what open(2) says of a socket, EISDIR of a directory
                // to write to.
                case Errno.ELOOP, Errno.ENXIO, Errno.EISDIR -> throw refusal(path, "is no regular file");
                case Errno.EACCES -> throw refusal(path, "may not be opened by user " + linux.effectiveUid());
                default -> throw e;
            }
        }
        try {
            // The kernel's own word on the owner counts: a record beside the file is what an image says.
            requireOwnFile(linux, path, linux.withoutRecords().stat(file));
            return Optional.of(file);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /**
     * The file's content; empty when it is not there.
     *
     * @param limit the most bytes that it may have
     */
    static Optional<byte[]> read(Linux linux, Path path, int limit) throws IOException {
        return content(linux, open(linux, path), limit);
    }

    /** As {@link #read}, of the file of that name in an open folder. */
    static Optional<byte[]> readAt(Linux linux, Fd folder, String name, int limit) throws IOException {
        return content(linux, openAt(linux, folder, name, OpenFlag.READ), limit);
    }

    /** The content of an open file, which is closed then; as {@link #read}. */
    static Optional<byte[]> content(Linux linux, Optional<Fd> file, int limit) throws IOException {
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (Fd fd = file.get();
                InputStream in = new FdInputStream(linux, fd)) {
            if (linux.stat(fd).size() > limit) {
                throw refusal(fd.path(), "is larger than " + limit + " bytes");
            }
            return Optional.of(in.readNBytes(limit));
        }
    }

    private static void requireOwnFile(Linux linux, String path, FileStat stat) throws StoreException {
        if (stat.kind() != FileKind.FILE) {
            throw refusal(path, "is no regular file");
        }
        StoreFolder.requireOwner(linux, path, stat);
    }

    private static StoreException refusal(String path, String broken) {
        return new StoreException("the store's " + path + " " + broken + ": refused");
    }
}
