package dev.jbuild.layer.tree;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.Timestamp;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
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
        Deque<EntryPath> directories = new ArrayDeque<>();
        directories.push(EntryPath.ROOT);
        while (!directories.isEmpty()) {
            // The last found first: two deep branches in turn would be walked from the root each time.
            EntryPath directory = directories.pop();
            for (FileTree.Child child : tree.list(directory)) {
                EntryPath path = directory.resolve(child.name());
                entries.stamps.put(path, Stamp.of(child.status()));
                entries.hasFractions |= child.status().ctime().nanos() != 0;
                if (child.status().isDirectory()) {
                    directories.push(path);
                }
            }
        }
        return entries;
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
