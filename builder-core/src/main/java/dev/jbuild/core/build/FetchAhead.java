package dev.jbuild.core.build;

import dev.jbuild.layer.tar.WrittenLayer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Fetches the blobs of an image's layers beside each other while the layers below them are unpacked, which goes one by one: a
 * layer's links and implied parents are settled by those under it.
 */
final class FetchAhead implements AutoCloseable {
    /** As many as Docker fetches at a time, for all builds of the process: registries count connections. */
    private static final int AT_A_TIME = 3;

    private static final Semaphore CONNECTIONS = new Semaphore(AT_A_TIME);

    private static final long PATIENCE_SECONDS = 20;

    private final ExecutorService fetchers = Executors.newFixedThreadPool(
            AT_A_TIME, Thread.ofPlatform().daemon().name("fetch-", 1).factory());
    private final Map<Layer, Future<?>> fetches = new HashMap<>();

    private FetchAhead(List<Layer> layers) {
        for (Layer layer : layers) {
            fetches.put(layer, fetchers.submit(() -> fetch(layer)));
        }
    }

    private static WrittenLayer fetch(Layer layer) throws IOException, InterruptedException {
        CONNECTIONS.acquire();
        try {
            return layer.blob();
        } finally {
            CONNECTIONS.release();
        }
    }

    /** Has all these layers' trees made, lowest first. */
    static void makeTrees(List<Layer> layers) throws IOException {
        List<Layer> wanted = new ArrayList<>();
        for (Layer layer : layers) {
            if (layer.isToBeFetched()) {
                wanted.add(layer);
            }
        }
        if (wanted.size() < 2) {
            return;
        }
        try (FetchAhead ahead = new FetchAhead(wanted)) {
            for (Layer layer : layers) {
                ahead.await(layer);
                layer.tree();
            }
        }
    }

    /** Until the blob is here, if it is one of those that are fetched. */
    private void await(Layer layer) throws IOException {
        Future<?> fetch = fetches.get(layer);
        if (fetch == null) {
            return;
        }
        try {
            fetch.get();
        } catch (ExecutionException e) {
            throw rethrown(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while layers were fetched");
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    private static IllegalStateException rethrown(ExecutionException failed) throws IOException {
        Throwable cause = failed.getCause() == null ? failed : failed.getCause();
        switch (cause) {
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException("a fetch was interrupted by nobody", cause);
        }
    }

    /** Ends the fetches that nobody waits for any more, after a failure: afterwards they do not touch the store. */
    @Override
    public void close() {
        fetchers.shutdownNow();
        boolean interrupted = false;
        try {
            if (!fetchers.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a fetch did not stop within " + PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
