package dev.jbuild.layer.store;

import dev.jbuild.linux.Linux;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * All that is kept between builds, under one folder that also is an OCI image layout: blobs, image names, unpacked trees,
 * step records, file digests and the directories that steps keep.
 *
 * <p>Any number of processes may use a store at once, and any of them may die at any moment. Everything is written under a
 * temporary name and renamed; what an open store has found or made stays until it is closed, whatever others prune. There
 * is no global lock.
 */
public final class Store implements Closeable {
    private final StoreFolders folders;
    private final Session session;
    private final BlobStore blobs;
    private final ImageNames images;
    private final TreeStore trees;
    private final RecordStore records;
    private final FileDigests digests;
    private final CacheDirectories caches;

    private Store(StoreFolders folders, Session session, String bootId) {
        this.folders = folders;
        this.session = session;
        this.blobs = new BlobStore(folders, session);
        this.images = new ImageNames(folders, session);
        this.trees = new TreeStore(folders, session, bootId);
        this.records = new RecordStore(folders, session);
        this.digests = new FileDigests(folders, session);
        this.caches = new CacheDirectories(folders, session);
    }

    /**
     * Opens the store, makes it where there is none, and removes what dead processes left.
     *
     * @throws StoreException when the folder is a link or another user's
     */
    public static Store open(Path root, Linux linux) throws IOException {
        StoreFolders folders = StoreFolders.open(root, linux);
        Session session = Session.start(folders);
        LayoutFiles.make(folders, session);
        new Sweeper(folders).sweep(session);
        return new Store(folders, session, ProcessName.bootId());
    }

    /** The folder that holds everything; {@code skopeo} reads it as {@code oci:}. */
    public Path root() {
        return folders.root();
    }

    public BlobStore blobs() {
        return blobs;
    }

    public ImageNames images() {
        return images;
    }

    public TreeStore trees() {
        return trees;
    }

    public RecordStore records() {
        return records;
    }

    public CacheDirectories caches() {
        return caches;
    }

    public FileDigests digests() {
        return digests;
    }

    /** A path for a new temporary file, in the file system of the store; what is left there goes with this store. */
    public Path temporary() {
        return session.temporary();
    }

    /** Waits for the lock of that name; for the one thing that two builds both make. Any text is a name. */
    public StoreLock lock(String name) throws IOException {
        return StoreLock.take(folders, name);
    }

    /**
     * Frees what nothing needs. Named images stay, and what any open store has used since it was opened.
     *
     * @param policy how much of the cache goes, too; directories that steps keep count as cache, and stay while a step uses them
     */
    public Freed prune(PrunePolicy policy) throws IOException {
        return new Pruner(folders, session).prune(policy);
    }

    /** What is in the store, how large it is and what needs it, as it is in this moment. */
    public StoreUsage usage() throws IOException {
        return new UsageReader(folders, session).read();
    }

    /**
     * Recomputes what the files of the store claim to be: blobs, trees, records, indexes of file digests. Damaged ones leave
     * their place, so that the next build makes or fetches them again.
     */
    public StoreReport check() throws IOException {
        return new StoreCheck(folders, session).run();
    }

    /** Ends the lease and removes this store's temporary files. */
    @Override
    public void close() throws IOException {
        session.close();
    }
}
