package dev.jbuild.layer.store;

import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LockMode;
import dev.jbuild.linux.LockState;
import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A lock held; closing releases it, and so does the death of the process. */
public final class StoreLock implements AutoCloseable {
    private static final long LONGEST_PAUSE_MILLIS = 50;

    private final Fd file;

    private StoreLock(Fd file) {
        this.file = file;
    }

    /**
     * Asks again and again instead of waiting in the kernel: that would keep a virtual thread's carrier from the very
     * thread that holds the lock.
     */
    static StoreLock take(StoreFolders folders, String name) throws IOException {
        Path path = file(folders, name);
        try {
            for (long pause = 1; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
                Optional<StoreLock> lock = tryTake(folders.linux(), path, LockMode.EXCLUSIVE);
                if (lock.isPresent()) {
                    return lock.get();
                }
                Thread.sleep(pause);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while waiting for " + name);
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    /** Takes the lock of that name unless a holder is in the way. */
    static Optional<StoreLock> tryTake(StoreFolders folders, String name, LockMode mode) throws IOException {
        return tryTake(folders.linux(), file(folders, name), mode);
    }

    /** Whether somebody has the lock of that name; nothing is made, and nobody is in the way meanwhile. */
    static boolean isHeld(StoreFolders folders, String name) throws IOException {
        try {
            Optional<Fd> file = StoreFile.open(folders.linux(), file(folders, name));
            if (file.isEmpty()) {
                return false;
            }
            try (Fd lock = file.get()) {
                return LockState.isTaken(lock);
            }
        } catch (StoreException e) {
            // No lock of the user's: StoreCheck tells of it.
            return false;
        }
    }

    private static Path file(StoreFolders folders, String name) {
        String hex = Digest.of(name.getBytes(StandardCharsets.UTF_8)).hex();
        return folders.locks().resolve(hex.substring(0, 32));
    }

    /** Removes lock files that nobody holds: there is one for each blob that was ever fetched. */
    static void removeUnheld(StoreFolders folders) throws IOException {
        for (Path file : FolderListing.of(folders.locks())) {
            if (!file.endsWith(CollectionLock.NAME)) {
                removeUnheld(folders.linux(), file);
            }
        }
    }

    private static void removeUnheld(Linux linux, Path path) throws IOException {
        Optional<StoreLock> lock = tryTakeOwn(linux, path);
        if (lock.isPresent()) {
            try (StoreLock _ = lock.get()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private static Optional<StoreLock> tryTakeOwn(Linux linux, Path path) throws IOException {
        try {
            return tryTake(linux, path, LockMode.EXCLUSIVE);
        } catch (StoreException e) {
            // No lock of the user's: StoreCheck tells of it.
            return Optional.empty();
        }
    }

    /** Whoever holds a lock may remove its file; then those who had it open must not take it for the lock any more. */
    private static Optional<StoreLock> tryTake(Linux linux, Path path, LockMode mode) throws IOException {
        Fd file = StoreFile.openOrMake(linux, path);
        try {
            if (linux.tryLock(file, mode) && linux.stat(file).links() > 0) {
                return Optional.of(new StoreLock(file));
            }
        } catch (IOException e) {
            file.close();
            throw e;
        }
        file.close();
        return Optional.empty();
    }

    @Override
    public void close() {
        file.close();
    }
}
