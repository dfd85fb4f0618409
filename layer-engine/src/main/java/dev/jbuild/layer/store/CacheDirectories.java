package dev.jbuild.layer.store;

import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import dev.jbuild.linux.LockMode;
import dev.jbuild.linux.RenameFlag;
import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Directories that steps fill and find again in later builds: those of package managers and compilers. No image ever has
 * them. They are named by digest only, for what a Dockerfile calls a cache may be any text (CVE-2024-9675).
 *
 * <p>Of one name there may be several, numbered from 0: a step that must not share one that is in use gets the next. Each has
 * a lock that is held as long as it is used; it dies with the process.
 */
public final class CacheDirectories {
    /** What the id of every cache begins with, and no other's. */
    static final String PREFIX = "cache-";

    private static final String FILES = "fs";
    private static final int MOST_AT_ONCE = 1000;

    private final StoreFolders folders;
    private final Session session;

    CacheDirectories(StoreFolders folders, Session session) {
        this.folders = folders;
        this.session = session;
    }

    /** Who may use a directory at the same time. */
    public enum Sharing {
        /** All that say so. */
        SHARED,
        /** One; another one gets a directory of its own. */
        PRIVATE,
        /** One; another one waits. */
        LOCKED
    }

    /** Puts into a new directory what it begins with, and gives it its owner and mode. */
    @FunctionalInterface
    public interface Filling {
        void fill(Path directory) throws IOException;
    }

    /**
     * The directory of that name, made when there is none; it is the caller's until it is closed.
     *
     * @throws java.io.InterruptedIOException when the thread is interrupted while it waits for a locked one
     */
    public CacheDirectory take(Digest name, Sharing sharing, Filling filling) throws IOException {
        return switch (sharing) {
            case LOCKED -> open(id(name, 0), StoreLock.take(folders, id(name, 0)), filling);
            case PRIVATE -> takeFree(name, LockMode.EXCLUSIVE, filling);
            case SHARED -> takeFree(name, LockMode.SHARED, filling);
        };
    }

    private CacheDirectory takeFree(Digest name, LockMode mode, Filling filling) throws IOException {
        for (int number = 0; number < MOST_AT_ONCE; number++) {
            Optional<StoreLock> lock = StoreLock.tryTake(folders, id(name, number), mode);
            if (lock.isPresent()) {
                return open(id(name, number), lock.get(), filling);
            }
        }
        throw new StoreException("more than " + MOST_AT_ONCE + " steps use the cache " + name + " at once");
    }

    /** What the directory and its lock are called. Who has one id records owners beside the files, which nobody else reads. */
    private String id(Digest name, int number) {
        String id = PREFIX + name.hex() + "-" + number;
        return folders.linux().recordsOwners() ? id + TreeStore.RECORDED_OWNERS : id;
    }

    private CacheDirectory open(String id, StoreLock lock, Filling filling) throws IOException {
        try {
            Path folder = folders.caches().resolve(id);
            if (isThere(folders.linux(), folder)) {
                session.markUsed(folder);
            } else {
                make(id, filling);
            }
            return new CacheDirectory(folder.resolve(FILES), lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Whether a cache is there.
     *
     * @throws StoreException when what is there is no directory, or another user's
     */
    static boolean isThere(Linux linux, Path folder) throws IOException {
        Optional<Fd> found = StoreFolder.open(linux, folder);
        if (found.isEmpty()) {
            return false;
        }
        try (Fd cache = found.get()) {
            if (!StoreFolder.holdsRoot(linux, cache, FILES)) {
                throw new StoreException("the store's " + folder + " lacks its files");
            }
            return true;
        }
    }

    /** Two that share it may both make it: the first stays. */
    private void make(String id, Filling filling) throws IOException {
        Path fresh = session.temporary();
        Files.createDirectory(fresh, StoreFolders.PRIVATE_FOLDER);
        try {
            Path root = Files.createDirectory(fresh.resolve(FILES));
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
            filling.fill(root);
            moveIntoPlace(fresh, id);
        } finally {
            new FolderRemover(folders.linux()).remove(fresh);
        }
    }

    private void moveIntoPlace(Path fresh, String id) throws IOException {
        Linux linux = folders.linux();
        try (Fd from = StoreFolder.handle(linux, StoreFolders.parent(fresh));
                Fd to = StoreFolder.handle(linux, folders.caches())) {
            linux.renameAt(from, StoreFolders.name(fresh), to, StoreFolders.name(id), RenameFlag.NO_REPLACE);
        } catch (LinuxException e) {
            if (!e.errnoName().equals("EEXIST")) {
                throw e;
            }
        }
    }

    /** Moves the directory of that id to a grave, unless somebody uses it. */
    void bury(String id, Path grave) throws IOException {
        Path cache = folders.caches().resolve(id);
        Optional<StoreLock> lock = StoreLock.tryTake(folders, id, LockMode.EXCLUSIVE);
        if (lock.isEmpty()) {
            return;
        }
        try (StoreLock _ = lock.get()) {
            Files.move(cache, grave, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            // Another pruner was faster.
            return;
        }
    }
}
