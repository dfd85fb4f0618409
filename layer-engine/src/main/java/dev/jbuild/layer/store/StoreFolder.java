package dev.jbuild.layer.store;

import dev.jbuild.linux.Errno;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FileKind;
import dev.jbuild.linux.FileStat;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import dev.jbuild.linux.OpenFlag;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Opens folders of the store: directories of the present user, reached without following a link. */
final class StoreFolder {
    private static final String SELF = ".";

    private StoreFolder() {}

    /**
     * A handle to the folder, by which its entries are reached; empty when it is not there.
     *
     * @throws StoreException when it is no directory, or another user's
     */
    static Optional<Fd> open(Linux linux, Path path) throws IOException {
        Fd folder;
        try {
            folder = handle(linux, path);
        } catch (LinuxException e) {
            switch (e.errno()) {
                case Errno.ENOENT -> {
                    return Optional.empty();
                }
                // What O_DIRECTORY says of a link, too.
                case Errno.ENOTDIR -> throw noDirectory(path.toString());
                default -> throw e;
            }
        }
        try {
            requireOwner(linux, path.toString(), linux.withoutRecords().stat(folder));
            return Optional.of(folder);
        } catch (IOException e) {
            folder.close();
            throw e;
        }
    }

    /** A handle to a directory, whosesoever. */
    static Fd handle(Linux linux, Path path) throws IOException {
        return linux.open(path, OpenFlag.PATH, OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW);
    }

    /** The same folder, opened to be listed once. */
    static Fd listing(Linux linux, Fd folder) throws IOException {
        return linux.openAt(folder, StoreFolders.name(SELF), 0, OpenFlag.READ, OpenFlag.DIRECTORY);
    }

    /**
     * Whether a folder of that name is there, told by one call.
     *
     * @throws StoreException as {@link #open}
     */
    static boolean isThere(Linux linux, Fd folder, String name) throws IOException {
        Optional<FileStat> stat = linux.withoutRecords().statAt(folder, StoreFolders.name(name));
        if (stat.isPresent()) {
            requireDirectory(folder, name, stat.get());
            requireOwner(linux, folder.path() + "/" + name, stat.get());
        }
        return stat.isPresent();
    }

    /**
     * Whether a folder holds a root of files, told by one call. Whose it is, what it holds says: a layer's root and a step's cache
     * may be anybody's.
     *
     * @throws StoreException when it is no directory
     */
    static boolean holdsRoot(Linux linux, Fd folder, String name) throws IOException {
        Optional<FileStat> stat = linux.withoutRecords().statAt(folder, StoreFolders.name(name));
        if (stat.isPresent()) {
            requireDirectory(folder, name, stat.get());
        }
        return stat.isPresent();
    }

    private static void requireDirectory(Fd folder, String name, FileStat stat) throws StoreException {
        if (stat.kind() != FileKind.DIRECTORY) {
            throw noDirectory(folder.path() + "/" + name);
        }
    }

    private static StoreException noDirectory(String path) {
        return new StoreException("the store's " + path + " is no directory: refused");
    }

    static void requireOwner(Linux linux, String path, FileStat stat) throws StoreException {
        if (stat.uid() != linux.effectiveUid()) {
            throw new StoreException("the store's " + path + " belongs to user " + stat.uid() + ", not to "
                    + linux.effectiveUid() + ": refused");
        }
    }
}
