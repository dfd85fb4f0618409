package dev.jbuild.layer.tree;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.Timestamp;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Which file lay where in a tree when this was made, and when each had changed last. The kernel moves the time of change
 * with everything that is done to a file, names included, and nobody can set it: a file of the same number and time is as
 * it was.
 */
public final class CopiedEntries {
    private final Map<EntryPath, Stamp> stamps = new HashMap<>();
    private boolean hasFractions;

    private record Stamp(long inode, Timestamp changed) {
        static Stamp of(FileStatus status) {
            return new Stamp(status.inode(), status.ctime());
        }
    }

    private CopiedEntries() {}

    /** Looks at every entry; nothing is read. */
    public static CopiedEntries of(FileTree tree) throws IOException {
        CopiedEntries entries = new CopiedEntries();
        EveryEntry.below(tree, entries::add);
        return entries;
    }

    private void add(EntryPath path, FileStatus status) {
        stamps.put(path, Stamp.of(status));
        hasFractions |= status.ctime().nanos() != 0;
    }

    /**
     * Whether times are kept in whole seconds only, as by NFS servers and ext4 with inodes of 128 bytes: then a change within
     * the second of the copy is not seen.
     */
    public boolean isInWholeSeconds() {
        return !hasFractions;
    }

    boolean isUntouched(EntryPath path, FileStatus now) {
        return Stamp.of(now).equals(stamps.get(path));
    }
}
