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

    /** The open file; empty when it is not there. */
    static Optional<Fd> open(Linux linux, Path path) throws IOException {
        Fd file;
        try {
            file = linux.open(path, OpenFlag.READ, OpenFlag.NO_FOLLOW, OpenFlag.NON_BLOCK);
        } catch (LinuxException e) {
            switch (e.errno()) {
                case Errno.ENOENT -> {
                    return Optional.empty();
                }
                // ELOOP is what O_NOFOLLOW says of a link, ENXIO what open(2) says of a socket.
                case Errno.ELOOP, Errno.ENXIO -> throw refusal(path, "is no regular file");
                default -> throw e;
            }
        }
        try {
            requireOwnFile(linux, path, linux.stat(file));
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
        Optional<Fd> file = open(linux, path);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (Fd fd = file.get();
                InputStream in = new FdInputStream(linux, fd)) {
            if (linux.stat(fd).size() > limit) {
                throw refusal(path, "is larger than " + limit + " bytes");
            }
            return Optional.of(in.readNBytes(limit));
        }
    }

    private static void requireOwnFile(Linux linux, Path path, FileStat stat) throws StoreException {
        if (stat.kind() != FileKind.FILE) {
            throw refusal(path, "is no regular file");
        }
        if (stat.uid() != linux.effectiveUid()) {
            throw refusal(path, "belongs to user " + stat.uid() + ", not to " + linux.effectiveUid());
        }
    }

    private static StoreException refusal(Path path, String broken) {
        return new StoreException("the store's " + path + " " + broken + ": refused");
    }
}
