package dev.jbuild.layer.store;

import dev.jbuild.linux.Errno;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FileStat;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import dev.jbuild.linux.LockMode;
import dev.jbuild.linux.OpenFlag;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One open store: a folder for its temporary files, and a lease that lists what it uses. A lock on the lease tells the
 * living from the dead: the kernel releases it with the process, in whatever PID namespace that ran.
 */
final class Session implements Closeable {
    /** How exactly the time of a use is kept. */
    static final int USE_SECONDS = 60;

    private static final AtomicLong COUNTER = new AtomicLong();

    private final StoreFolders folders;
    private final SessionFolder folder;
    private final Fd lease;
    private final Set<String> noted = ConcurrentHashMap.newKeySet();
    private final AtomicLong temporaries = new AtomicLong();

    private Session(StoreFolders folders, SessionFolder folder, Fd lease) {
        this.folders = folders;
        this.folder = folder;
        this.lease = lease;
    }

    static Session start(StoreFolders folders) throws IOException {
        while (true) {
            Path path = folders.sessions().resolve(ProcessName.ofThisProcess() + "-" + COUNTER.incrementAndGet());
            try {
                Files.createDirectory(path, StoreFolders.PRIVATE_FOLDER);
            } catch (FileAlreadyExistsException e) {
                // A dead process of another PID namespace had the same numbers; the next counter is free.
                continue;
            }
            Optional<Session> session = begin(folders, path);
            if (session.isPresent()) {
                return session.get();
            }
        }
    }

    /** Empty when a sweeper took the folder for a dead one in the moment before the lock. */
    private static Optional<Session> begin(StoreFolders folders, Path path) throws IOException {
        Optional<SessionFolder> folder = SessionFolder.openNew(folders.linux(), path);
        if (folder.isEmpty()) {
            return Optional.empty();
        }
        Optional<Fd> lease = Optional.empty();
        try {
            lease = lockedLease(folders.linux(), folder.get());
            return lease.map(locked -> new Session(folders, folder.get(), locked));
        } finally {
            if (lease.isEmpty()) {
                folder.get().close();
            }
        }
    }

    private static Optional<Fd> lockedLease(Linux linux, SessionFolder folder) throws IOException {
        Fd lease;
        try {
            lease = folder.makeLease();
        } catch (LinuxException e) {
            if (e.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
        try {
            linux.lock(lease, LockMode.EXCLUSIVE);
            if (linux.stat(lease).links() > 0) {
                return Optional.of(lease);
            }
        } catch (IOException e) {
            lease.close();
            throw e;
        }
        lease.close();
        return Optional.empty();
    }

    Path folder() {
        return folder.path();
    }

    /** A name that no other session uses, nor this one twice. */
    String uniqueName() {
        return folder.path().getFileName() + "-" + temporaries.incrementAndGet();
    }

    /** A path for a new temporary file or folder of this session. */
    Path temporary() {
        return folder.path().resolve(Long.toString(temporaries.incrementAndGet()));
    }

    /**
     * Keeps a blob, tree or record from being pruned while this session lives. Note first, then look whether it is there:
     * a pruner either sees the note, or had removed the thing before.
     *
     * @param id the digest's hex digits or the tree's id
     */
    void note(String id) throws IOException {
        if (noted.contains(id)) {
            return;
        }
        try (Fd _ = CollectionLock.take(folders, LockMode.SHARED)) {
            byte[] line = (id + "\n").getBytes(StandardCharsets.US_ASCII);
            folders.linux().write(lease, line, 0, line.length);
        }
        noted.add(id);
    }

    /**
     * Gives a thing of the store the present time, for {@link LastUses}. The time is the kernel's, which has just stamped the
     * lease with it, and good to the minute: a build that finds everything does not write to everything.
     */
    void markUsed(Path thing) throws IOException {
        Linux linux = folders.linux();
        byte[] name = StoreFolders.name(thing);
        try (Fd parent = linux.open(StoreFolders.parent(thing), OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            FileStat now = linux.stat(lease);
            Optional<FileStat> last = linux.statAt(parent, name);
            if (last.isPresent() && Math.abs(now.mtimeSeconds() - last.get().mtimeSeconds()) >= USE_SECONDS) {
                linux.setMtimeAt(parent, name, now.mtimeSeconds(), now.mtimeNanos());
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (folder;
                lease) {
            folder.remove();
        }
    }
}
