package dev.jbuild.layer.store;

import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LockMode;
import dev.jbuild.linux.OpenFlag;
import java.io.IOException;

/**
 * Keeps noting a use and removing the unused apart: users share it for the moment of a note, a pruner has it alone for the
 * moment in which things vanish from their names.
 */
final class CollectionLock {
    static final String NAME = "collect";

    private CollectionLock() {}

    /** Looked at when a store is opened, not each time: every blob that a build finds takes the lock. */
    static void requireSound(Linux linux, Fd root) throws IOException {
        StoreFile.isThere(linux, root, "locks/" + NAME);
    }

    /** Held until the descriptor is closed. */
    static Fd take(StoreFolders folders, LockMode mode) throws IOException {
        Fd file = folders.linux()
                .open(folders.locks().resolve(NAME), OpenFlag.READ_WRITE, OpenFlag.CREATE, OpenFlag.NO_FOLLOW);
        try {
            folders.linux().lock(file, mode);
            return file;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }
}
