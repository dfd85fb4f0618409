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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds what nothing needs and removes it. */
final class Pruner {
    private static final String QUARANTINE = "quarantine";

    private final StoreFolders folders;
    private final Session session;

    Pruner(StoreFolders folders, Session session) {
        this.folders = folders;
        this.session = session;
    }

    Freed prune(PrunePolicy policy) throws IOException {
        new Sweeper(folders).sweep(session);
        // Measuring walks whole trees: not under the lock, and only when somebody asks. What is new since then counts
        // nothing.
        Sizes sizes = policy.keepBytes().isPresent() ? Sizes.of(Holdings.of(folders), folders.linux()) : Sizes.NONE;
        Path grave = makeGrave();
        List<Thing> unneeded;
        try (Fd _ = CollectionLock.take(folders, LockMode.EXCLUSIVE)) {
            unneeded = unneeded(policy, sizes);
            bury(unneeded, grave);
            bury(folders.quarantine(), grave.resolve(QUARANTINE));
        }
        buryCaches(unneeded, grave);
        if (policy.takesAll()) {
            forgetDigests();
        }
        StoreLock.removeUnheld(folders);
        return remove(grave);
    }

    /**
     * Under the lock nobody can begin to use a thing, and what is noted by now is kept. All is looked at now: of an image that was named since
     * an earlier look the notes may be gone with its build, and what names its blobs would be unknown.
     */
    private List<Thing> unneeded(PrunePolicy policy, Sizes sizes) throws IOException {
        Holdings holdings = Holdings.of(folders);
        Reach reach = new Reach(holdings, folders.linux());
        followRoots(reach);
        followCache(holdings, policy, sizes, reach);
        return holdings.all().stream().filter(thing -> !reach.has(thing)).toList();
    }

    private void followRoots(Reach reach) throws IOException {
        reach.follow(new ImageNames(folders, session).document());
        for (byte[] noted : new Sweeper(folders).noted()) {
            reach.follow(noted);
        }
    }

    /** What was last used comes first, be it a record with all that it keeps or a step's cache: on that a budget is spent. */
    private static void followCache(Holdings holdings, PrunePolicy policy, Sizes sizes, Reach reach)
            throws IOException {
        if (policy.takesAll()) {
            return;
        }
        List<Thing> all = new ArrayList<>(holdings.all(Kind.RECORD));
        all.addAll(holdings.all(Kind.CACHE));
        LastUses lastUses = LastUses.of(all);
        all.sort(Comparator.comparing(lastUses::when).reversed());
        long keptBytes = 0;
        for (Thing thing : all) {
            List<Thing> added = reach.follow(thing.id());
            long bytes = keptBytes + sizes.of(added);
            if (policy.mayTake(lastUses.when(thing)) && !policy.fits(bytes)) {
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
        return grave;
    }

    /** Moves what is not needed out of its place: one rename each, so that the lock is soon free. */
    private static void bury(List<Thing> unneeded, Path grave) throws IOException {
        for (Thing thing : unneeded) {
            if (thing.kind() != Kind.CACHE) {
                bury(thing.path(), grave.resolve(thing.kind().name()).resolve(thing.id()));
            }
        }
    }

    /** Each has a lock of its own, which who uses it holds all the while. */
    private void buryCaches(List<Thing> unneeded, Path grave) throws IOException {
        CacheDirectories caches = new CacheDirectories(folders, session);
        for (Thing thing : unneeded) {
            if (thing.kind() == Kind.CACHE) {
                caches.bury(thing.id(), grave.resolve(Kind.CACHE.name()).resolve(thing.id()));
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
        int caches = FolderListing.of(grave.resolve(Kind.CACHE.name())).size();
        long bytes = new FolderRemover(folders.linux()).remove(grave);
        return new Freed(blobs, trees, records, caches, bytes);
    }
}
