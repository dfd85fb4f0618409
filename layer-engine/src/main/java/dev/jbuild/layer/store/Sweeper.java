package dev.jbuild.layer.store;

import dev.jbuild.linux.LockMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the sessions of dead processes by their leases, which nobody locks any more, and removes them. What lies among the sessions
 * and is none, be it a link or another user's, is left to {@link StoreCheck}.
 */
final class Sweeper {
    private final StoreFolders folders;

    Sweeper(StoreFolders folders) {
        this.folders = folders;
    }

    /** Removes all dead sessions. Several sweepers may be at it at a time. */
    void sweep(Session own) throws IOException {
        for (Path path : FolderListing.of(folders.sessions())) {
            if (!path.equals(own.folder())) {
                sweep(path);
            }
        }
    }

    /** What the living sessions have noted, the own one included. */
    List<byte[]> noted() throws IOException {
        List<byte[]> all = new ArrayList<>();
        for (Path path : FolderListing.of(folders.sessions())) {
            noted(path).ifPresent(all::add);
        }
        return all;
    }

    private Optional<byte[]> noted(Path path) throws IOException {
        Optional<SessionFolder> session = find(path);
        if (session.isEmpty()) {
            return Optional.empty();
        }
        try (SessionFolder folder = session.get()) {
            return folder.noted();
        }
    }

    private void sweep(Path path) throws IOException {
        Optional<SessionFolder> session = find(path);
        if (session.isEmpty()) {
            return;
        }
        try (SessionFolder folder = session.get()) {
            if (folder.lease().isEmpty()) {
                removeRest(folder);
            } else if (folders.linux().tryLock(folder.lease().get(), LockMode.EXCLUSIVE)) {
                folder.remove();
            }
        }
    }

    /** A session that died, or is being started, between making its folder and its lease. */
    private static void removeRest(SessionFolder session) throws IOException {
        // The lease is a living session's first file and its last. Older versions took it away before the others.
        if (!session.isRemovedEmpty() && !session.hasLeaseByNow()) {
            session.remove();
        }
    }

    private Optional<SessionFolder> find(Path path) throws IOException {
        try {
            return SessionFolder.open(folders.linux(), path);
        } catch (StoreException e) {
            // No session of the user's: nothing in it is entered, read or removed.
            return Optional.empty();
        }
    }
}
