package dev.jbuild.layer.store;

import dev.jbuild.linux.Fd;
import dev.jbuild.linux.LinuxException;
import dev.jbuild.linux.LockMode;
import dev.jbuild.linux.OpenFlag;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds the sessions of dead processes by their leases, which nobody locks any more, and removes them. */
final class Sweeper {
    private final StoreFolders folders;

    Sweeper(StoreFolders folders) {
        this.folders = folders;
    }

    /** Removes all dead sessions. Several sweepers may be at it at a time. */
    void sweep(Session own) throws IOException {
        for (Path session : others(own)) {
            Optional<Fd> lease = abandonedLease(session);
            if (lease.isPresent()) {
                try (Fd _ = lease.get()) {
                    Session.remove(session, folders.linux());
                }
            }
        }
    }

    /** The ids that living sessions use, the own one included. */
    List<Path> leases() throws IOException {
        return FolderListing.of(folders.sessions()).stream()
                .map(session -> session.resolve(Session.LEASE))
                .toList();
    }

    private List<Path> others(Session own) throws IOException {
        return FolderListing.of(folders.sessions()).stream()
                .filter(session -> !session.equals(own.folder()))
                .toList();
    }

    /** The lease, now locked by us, of a session that nobody else holds. */
    private Optional<Fd> abandonedLease(Path session) throws IOException {
        Fd lease;
        try {
            lease = folders.linux().open(session.resolve(Session.LEASE), OpenFlag.READ_WRITE, OpenFlag.NO_FOLLOW);
        } catch (LinuxException e) {
            if (!e.errnoName().equals("ENOENT")) {
                throw e;
            }
            removeRest(session);
            return Optional.empty();
        }
        if (folders.linux().tryLock(lease, LockMode.EXCLUSIVE)) {
            return Optional.of(lease);
        }
        lease.close();
        return Optional.empty();
    }

    /** A session that died, or is being started, between making its folder and its lease. */
    private void removeRest(Path session) throws IOException {
        try {
            Files.delete(session);
        } catch (NoSuchFileException e) {
            // Its owner or another sweeper was faster.
            return;
        } catch (DirectoryNotEmptyException e) {
            // The lease is a living session's first file and its last. Older versions took it away before the others.
            if (!Files.exists(session.resolve(Session.LEASE))) {
                Session.remove(session, folders.linux());
            }
        }
    }
}
