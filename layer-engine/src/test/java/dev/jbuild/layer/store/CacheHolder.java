package dev.jbuild.layer.store;

import dev.jbuild.layer.JavaProcess;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.nio.file.Path;

/** A process that holds a cache until it is killed. */
final class CacheHolder {
    private CacheHolder() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (Store store = Store.open(Path.of(arguments[0]), Linux.system());
                CacheDirectory _ = store.caches()
                        .take(Digest.parse(arguments[1]), CacheDirectories.Sharing.LOCKED, directory -> {})) {
            System.out.println("held");
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    static Process start(Path root, Digest name) throws IOException {
        return JavaProcess.of(CacheHolder.class, root.toString(), name.toString())
                .redirectErrorStream(true)
                .start();
    }
}
