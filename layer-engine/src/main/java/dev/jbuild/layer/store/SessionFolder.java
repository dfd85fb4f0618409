package dev.jbuild.layer.store;

import dev.jbuild.linux.Errno;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import dev.jbuild.linux.OpenFlag;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The folder of a session, held open: all that is done to it is done below this descriptor, whatever was planted among the
 * sessions. A name there may be a link, whose target would be taken for a dead session and removed.
 */
final class SessionFolder implements Closeable {
    private static final String LEASE = "lease";

    private static final byte[] LEASE_NAME = StoreFolders.name(LEASE);
    private static final int LEASE_MODE = 0600;

    /** Notes of some millions of things. */
    private static final int MOST_LEASE_BYTES = 1 << 28;

    private final Linux linux;
    private final Path path;
    private final Fd folder;
    private final Optional<Fd> lease;

    private SessionFolder(Linux linux, Path path, Fd folder, Optional<Fd> lease) {
        this.linux = linux;
        this.path = path;
        this.folder = folder;
        this.lease = lease;
    }

    /**
     * Empty when it is not there.
     *
     * @throws StoreException when it is no directory, its lease no regular file, or either another user's
     */
    static Optional<SessionFolder> open(Linux linux, Path path) throws IOException {
        Optional<Fd> folder = StoreFolder.open(linux, path);
        if (folder.isEmpty()) {
            return Optional.empty();
        }
        try {
            Optional<Fd> lease = StoreFile.openAt(linux, folder.get(), LEASE, OpenFlag.READ_WRITE);
            return Optional.of(new SessionFolder(linux, path, folder.get(), lease));
        } catch (IOException e) {
            folder.get().close();
            throw e;
        }
    }

    /** One that was just made, for a session to begin: it has no lease. */
    static Optional<SessionFolder> openNew(Linux linux, Path path) throws IOException {
        return StoreFolder.open(linux, path).map(folder -> new SessionFolder(linux, path, folder, Optional.empty()));
    }

    Path path() {
        return path;
    }

    /** A new lease; it fails with ENOENT when the folder was removed meanwhile. */
    Fd makeLease() throws IOException {
        return linux.openAt(
                folder, LEASE_NAME, LEASE_MODE, OpenFlag.WRITE, OpenFlag.APPEND, OpenFlag.CREATE, OpenFlag.EXCLUSIVE);
    }

    /** The lease as it was when the folder was opened, open to be locked; closed with the folder. */
    Optional<Fd> lease() {
        return lease;
    }

    /** Whether a lease was made since. */
    boolean hasLeaseByNow() throws IOException {
        return linux.statAt(folder, LEASE_NAME).isPresent();
    }

    /** The ids that the session uses, as lines; the lease is closed then. */
    Optional<byte[]> noted() throws IOException {
        return StoreFile.content(linux, lease, MOST_LEASE_BYTES);
    }

    /** The lease goes last: who is killed meanwhile leaves a session that the next sweep knows for a dead one. */
    void remove() throws IOException {
        FolderRemover remover = new FolderRemover(linux);
        try (Fd listing = StoreFolder.listing(linux, folder)) {
            for (byte[] name : linux.list(listing)) {
                if (!Arrays.equals(name, LEASE_NAME)) {
                    remover.remove(folder, name);
                }
            }
        } catch (LinuxException e) {
            // A sweeper that took it for a dead one was faster.
            if (e.errno() == Errno.ENOENT) {
                return;
            }
            throw e;
        }
        remover.remove(path);
    }

    /** Whether it was empty, and is gone now. */
    boolean isRemovedEmpty() throws IOException {
        try (Fd parent = StoreFolder.handle(linux, StoreFolders.parent(path))) {
            linux.removeDirectoryAt(parent, StoreFolders.name(path));
            return true;
        } catch (LinuxException e) {
            return switch (e.errno()) {
                // Its owner or another sweeper was faster.
                case Errno.ENOENT -> true;
                case Errno.ENOTEMPTY -> false;
                default -> throw e;
            };
        }
    }

    @Override
    public void close() {
        lease.ifPresent(Fd::close);
        folder.close();
    }
}
