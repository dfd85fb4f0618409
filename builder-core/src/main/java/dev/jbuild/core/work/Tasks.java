package dev.jbuild.core.work;

import dev.jbuild.core.api.BuildException;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The one place where a build fans out. The first failure is the build's: it interrupts all other tasks, and whoever joins
 * any of them gets it.
 *
 * <p>Platform threads, because tasks block in native calls (locks between processes, waiting for a step), which would hold
 * the few carriers of virtual threads.
 */
public final class Tasks implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final ExecutorService executor = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("build-", 1).factory());
    private final AtomicReference<Throwable> firstFailure = new AtomicReference<>();

    /** Starts a task; its failure stops the others. */
    public <T> Future<T> start(Callable<T> task) {
        try {
            return submit(task);
        } catch (RejectedExecutionException e) {
            // Another task failed meanwhile: whoever joins this one gets that failure.
            return CompletableFuture.failedFuture(e);
        }
    }

    private <T> Future<T> submit(Callable<T> task) {
        return executor.submit(() -> {
            try {
                return task.call();
            } catch (Throwable e) {
                if (firstFailure.compareAndSet(null, e)) {
                    executor.shutdownNow();
                }
                throw e;
            }
        });
    }

    /** A task's result; the failure that stopped the build comes out as it was thrown. */
    public <T> T join(Future<T> future) throws IOException, BuildException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException | CancellationException e) {
            throw rethrown(e);
        }
    }

    /** Interrupts what still runs and waits for it: afterwards nothing of the build touches the store. */
    @Override
    public void close() {
        executor.shutdownNow();
        boolean interrupted = false;
        try {
            if (!executor.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a step did not stop within " + PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private RuntimeException rethrown(Exception wrapper) throws IOException, BuildException, InterruptedException {
        Throwable first = firstFailure.get();
        Throwable failure = first != null ? first : wrapper.getCause() != null ? wrapper.getCause() : wrapper;
        switch (failure) {
            case IOException e -> throw e;
            case BuildException e -> throw e;
            case InterruptedException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException("a task threw what no task declares", failure);
        }
    }
}
