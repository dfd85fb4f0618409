package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.work.Tasks;
import dev.jbuild.layer.tar.WrittenLayer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * Fetches the blobs of an image's layers beside each other while the layers below them are unpacked, which goes one by one: a
 * layer's links and implied parents are settled by those under it.
 */
final class FetchAhead {
    /** As many as Docker fetches at a time, for all builds of the process: registries count connections. */
    private static final Semaphore CONNECTIONS = new Semaphore(3);

    private FetchAhead() {}

    /** Has all these layers' trees made, lowest first. */
    static void makeTrees(List<Layer> layers) throws IOException {
        List<Layer> wanted = wanted(layers);
        if (wanted.size() < 2) {
            return;
        }
        // Closed after a failure too: then no fetch that nobody waits for any more touches the store.
        try (Tasks tasks = new Tasks()) {
            Map<Layer, Future<WrittenLayer>> fetches = new HashMap<>();
            for (Layer layer : wanted) {
                fetches.put(layer, tasks.start(() -> fetch(layer)));
            }
            for (Layer layer : layers) {
                if (fetches.containsKey(layer)) {
                    tasks.join(fetches.get(layer));
                }
                layer.tree();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while layers were fetched");
            interrupted.initCause(e);
            throw interrupted;
        } catch (BuildException e) {
            throw new IllegalStateException("a fetch is no build", e);
        }
    }

    private static List<Layer> wanted(List<Layer> layers) throws IOException {
        List<Layer> wanted = new ArrayList<>();
        for (Layer layer : layers) {
            if (layer.isToBeFetched()) {
                wanted.add(layer);
            }
        }
        return wanted;
    }

    private static WrittenLayer fetch(Layer layer) throws IOException, InterruptedException {
        CONNECTIONS.acquire();
        try {
            return layer.blob();
        } finally {
            CONNECTIONS.release();
        }
    }
}
