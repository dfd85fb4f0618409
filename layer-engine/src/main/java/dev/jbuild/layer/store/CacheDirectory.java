package dev.jbuild.layer.store;

import java.nio.file.Path;

/**
 * A directory of the store's in use, until it is closed.
 *
 * @param path what is in it was put there by steps: hostile
 */
public record CacheDirectory(Path path, StoreLock lock) implements AutoCloseable {
    @Override
    public void close() {
        lock.close();
    }
}
