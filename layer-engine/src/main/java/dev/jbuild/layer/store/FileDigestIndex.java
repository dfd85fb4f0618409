package dev.jbuild.layer.store;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The digests of a context's files as they were when last read, so that an unchanged file is not read again. Safe for
 * several threads.
 *
 * <p>A file that is written twice within one tick of the kernel's clock keeps its stamp (git's "racily clean" entries). So
 * only files that had rested for {@link #SETTLED_SECONDS} when this index was opened, before any of them was read, are
 * saved.
 */
public final class FileDigestIndex {
    /** Longer than the coarsest time stamp of a file system that Linux mounts (FAT's two seconds). */
    static final int SETTLED_SECONDS = 3;

    /** Entries that so many saves in a row did not see are dropped: their files are gone or no longer asked for. */
    static final int LONGEST_REST = 16;

    private final FileDigests home;
    private final Path file;
    private final Timestamp opened;
    private final Map<EntryPath, Entry> loaded = new ConcurrentHashMap<>();
    private final Map<EntryPath, Entry> fresh = new ConcurrentHashMap<>();

    /** @param rest saves since it was last seen */
    record Entry(FileStamp stamp, Digest digest, int rest) {}

    FileDigestIndex(FileDigests home, Path file, Timestamp opened) {
        this.home = home;
        this.file = file;
        this.opened = opened;
    }

    /** The digest of the file's content, if it is known and the file is the same still. */
    public Optional<Digest> find(EntryPath path, FileStamp stamp) {
        Entry entry = fresh.get(path);
        if (entry == null) {
            entry = loaded.get(path);
        }
        if (entry == null || !entry.stamp.equals(stamp)) {
            return Optional.empty();
        }
        fresh.put(path, new Entry(stamp, entry.digest, 0));
        return Optional.of(entry.digest);
    }

    /**
     * Remembers a file's digest.
     *
     * @param stamp taken before its content was read, and found the same after
     */
    public void put(EntryPath path, FileStamp stamp, Digest digest) {
        fresh.put(path, new Entry(stamp, digest, 0));
    }

    /** Writes the index if it has changed. Of two builds that save at a time the later wins: the other reads more files. */
    public void save() throws IOException {
        SortedMap<EntryPath, Entry> entries = new TreeMap<>();
        loaded.forEach((path, entry) -> {
            if (entry.rest < LONGEST_REST) {
                entries.put(path, new Entry(entry.stamp, entry.digest, entry.rest + 1));
            }
        });
        boolean changed = false;
        for (Map.Entry<EntryPath, Entry> seen : fresh.entrySet()) {
            Entry entry = seen.getValue();
            if (isSettled(entry.stamp)) {
                changed |= !entry.equals(loaded.get(seen.getKey()));
                entries.put(seen.getKey(), entry);
            } else {
                changed |= entries.remove(seen.getKey()) != null;
            }
        }
        if (changed) {
            home.save(file, FileDigestCodec.write(entries));
        }
    }

    void load(EntryPath path, Entry entry) {
        loaded.put(path, entry);
    }

    void clear() {
        loaded.clear();
    }

    private boolean isSettled(FileStamp stamp) {
        Timestamp limit = new Timestamp(opened.seconds() - SETTLED_SECONDS, opened.nanos());
        return stamp.ctime().compareTo(limit) < 0 && stamp.mtime().compareTo(limit) < 0;
    }
}
