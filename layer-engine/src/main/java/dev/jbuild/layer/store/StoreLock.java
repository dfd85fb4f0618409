package dev.jbuild.layer.store;

import dev.jbuild.linux.Fd;
import dev.jbuild.linux.LockMode;
import dev.jbuild.linux.OpenFlag;
import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

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
        String hex = Digest.of(name.getBytes(StandardCharsets.UTF_8)).hex();
        Path path = folders.locks().resolve(hex.substring(0, 32));
        Fd file = folders.linux().open(path, OpenFlag.READ_WRITE, OpenFlag.CREATE);
        try {
            for (long pause = 1; !folders.linux().tryLock(file, LockMode.EXCLUSIVE); pause *= 2) {
                Thread.sleep(Math.min(pause, LONGEST_PAUSE_MILLIS));
            }
            return new StoreLock(file);
        } catch (InterruptedException e) {
            file.close();
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while waiting for " + name);
            interrupted.initCause(e);
            throw interrupted;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
