package dev.jbuild.core.fetch;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks after a running git: it ends when its caller is interrupted, when it fills the disk, and when nobody reads it any
 * more, with all that it started.
 */
final class GitWatch implements AutoCloseable {
    private static final long FIRST_LOOK_MILLIS = 200;
    /** A look costs a walk over the files; it may take this share of the time at most. */
    private static final int SHARE = 10;

    private final Process process;
    private final List<Path> folders;
    private final long maxBytes;
    private final Thread caller = Thread.currentThread();
    private final Thread watcher;
    private volatile boolean tooLarge;

    GitWatch(Process process, List<Path> folders, long maxBytes) {
        this.process = process;
        this.folders = List.copyOf(folders);
        this.maxBytes = maxBytes;
        this.watcher = Thread.ofPlatform().daemon().name("git-watch").start(this::watch);
    }

    /** Waits for the end; returns the exit code. */
    int await() throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while git was running", e);
        }
    }

    void requireWithinLimit(String shown) throws BuildException {
        if (tooLarge) {
            throw new BuildException(
                    Kind.BUILD, shown + " is refused: it takes more than " + maxBytes + " bytes (maxBytes)");
        }
    }

    @Override
    public void close() {
        kill();
        watcher.interrupt();
    }

    private void watch() {
        long pause = FIRST_LOOK_MILLIS;
        try {
            while (!process.waitFor(pause, TimeUnit.MILLISECONDS)) {
                long start = System.nanoTime();
                tooLarge = size() > maxBytes;
                if (tooLarge || caller.isInterrupted()) {
                    kill();
                }
                pause = Math.max(FIRST_LOOK_MILLIS, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) * SHARE);
            }
        } catch (InterruptedException e) {
            // Closed: the process has ended or was killed.
            kill();
        } catch (IOException e) {
            // A folder that cannot be measured is not watched; the process does not go on unwatched.
            kill();
        }
    }

    private void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private long size() throws IOException {
        Sizes sizes = new Sizes();
        for (Path folder : folders) {
            Files.walkFileTree(folder, sizes);
        }
        return sizes.total;
    }

    /** Sums the files that are there when it comes by: git makes and removes some while this looks. */
    private static final class Sizes extends SimpleFileVisitor<Path> {
        private long total;

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            total += attributes.size();
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
            return FileVisitResult.CONTINUE;
        }
    }
}
