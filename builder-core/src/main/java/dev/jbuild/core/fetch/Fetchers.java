package dev.jbuild.core.fetch;

import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.store.Store;
import dev.jbuild.linux.Linux;
import dev.jbuild.registry.RemoteFiles;
import java.io.Closeable;

/** Who fetches what from where. */
public record Fetchers(HttpSource http, GitTrees git, RemoteFiles files) implements Closeable {
    /** @param searchPath the value of {@code PATH}, in which git is looked for */
    public static Fetchers of(Store store, Linux linux, RemoteFiles files, String searchPath, LayerLimits limits) {
        return new Fetchers(
                new HttpSource(store, linux, files, limits),
                new GitTrees(store, linux, new GitSource(searchPath, limits.maxBytes()), limits),
                files);
    }

    /** Closes all connections. */
    @Override
    public void close() {
        files.close();
    }
}
