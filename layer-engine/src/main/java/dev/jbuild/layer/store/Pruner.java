package dev.jbuild.layer.store;

import dev.jbuild.layer.store.Holdings.Kind;
import dev.jbuild.layer.store.Holdings.Thing;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.LockMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;

/** Finds what nothing needs and removes it. */
final class Pruner {
    private static final String CACHES = "caches";

    private final StoreFolders folders;
    private final Session session;

    Pruner(StoreFolders folders, Session session) {
        this.folders = folders;
        this.session = session;
    }

    Freed prune(PrunePolicy policy) throws IOException {
        new Sweeper(folders).sweep(session);
        Holdings holdings = Holdings.of(folders);
        // Measuring walks whole trees: not under the lock, and only when somebody asks.
        Sizes sizes = policy.keepBytes().isPresent() ? Sizes.of(holdings, folders.linux()) : Sizes.NONE;
        Path grave = makeGrave();
        try (Fd _ = CollectionLock.take(folders, LockMode.EXCLUSIVE)) {
            // Under the lock nobody can begin to use a thing; what is noted by now is kept.
            Reach reach = new Reach(holdings, folders.linux());
            followRoots(reach);
            followRecords(holdings, policy, sizes, reach);
            bury(holdings, reach, grave);
            bury(folders.quarantine(), grave.resolve("quarantine"));
        }
        if (policy.takesAll()) {
            new CacheDirectories(folders, session).bury(grave.resolve(CACHES));
            forgetDigests();
        }
        StoreLock.removeUnheld(folders);
        return remove(grave);
    }

    private void followRoots(Reach reach) throws IOException {
        reach.follow(new ImageNames(folders, session).document());
        for (byte[] noted : new Sweeper(folders).noted()) {
            reach.follow(noted);
        }
    }

    /** The records last used come first: what they keep is what a budget is spent on. */
    private static void followRecords(Holdings holdings, PrunePolicy policy, Sizes sizes, Reach reach)
            throws IOException {
        if (policy.takesAll()) {
            return;
        }
        LastUses lastUses = LastUses.of(holdings.all(Kind.RECORD));
        List<Thing> records = holdings.all(Kind.RECORD).stream()
                .sorted(Comparator.comparing(lastUses::when).reversed())
                .toList();
        long keptBytes = 0;
        for (Thing record : records) {
            List<Thing> added = reach.follow(record.id());
            long bytes = keptBytes + sizes.of(added);
            if (policy.mayTake(lastUses.when(record)) && !policy.fits(bytes)) {
                reach.forget(added);
            } else {
                keptBytes = bytes;
            }
        }
    }

    private Path makeGrave() throws IOException {
        Path grave = session.temporary();
        Files.createDirectory(grave, StoreFolders.PRIVATE_FOLDER);
        for (Kind kind : Kind.values()) {
            Files.createDirectory(grave.resolve(kind.name()), StoreFolders.PRIVATE_FOLDER);
        }
        Files.createDirectory(grave.resolve(CACHES), StoreFolders.PRIVATE_FOLDER);
        return grave;
    }

    /** Moves what is not needed out of its place: one rename each, so that the lock is soon free. */
    private static void bury(Holdings holdings, Reach reach, Path grave) throws IOException {
        for (Thing thing : holdings.all()) {
            if (!reach.has(thing)) {
                bury(thing.path(), grave.resolve(thing.kind().name()).resolve(thing.id()));
            }
        }
    }

    private static void bury(Path thing, Path place) throws IOException {
        try {
            Files.move(thing, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            // Another pruner was faster.
            return;
        }
    }

    /** The indexes of contexts are read whole: whoever has one open is done with its file. */
    private void forgetDigests() throws IOException {
        for (Path index : FolderListing.of(folders.digests())) {
            Files.deleteIfExists(index);
        }
    }

    private Freed remove(Path grave) throws IOException {
        int blobs = FolderListing.of(grave.resolve(Kind.BLOB.name())).size();
        int trees = FolderListing.of(grave.resolve(Kind.TREE.name())).size();
        int records = FolderListing.of(grave.resolve(Kind.RECORD.name())).size();
        int caches = FolderListing.of(grave.resolve(CACHES)).size();
        long bytes = new FolderRemover(folders.linux()).remove(grave);
        return new Freed(blobs, trees, records, caches, bytes);
    }
}
