package dev.jbuild.layer.tree;

import dev.jbuild.layer.EntryPath;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which names of a tree are one file. Names outside the tree, which the number of links counts too, are not seen. */
final class LinkGroups {
    private final Map<Inode, Set<EntryPath>> groups = new HashMap<>();

    record Inode(long device, long number) {
        static Inode of(FileStatus status) {
            return new Inode(status.device(), status.inode());
        }
    }

    private LinkGroups() {}

    /** Looks at every entry; nothing is read. */
    static LinkGroups of(FileTree tree) throws IOException {
        LinkGroups groups = new LinkGroups();
        EveryEntry.below(tree, groups::add);
        return groups;
    }

    private void add(EntryPath path, FileStatus status) {
        if (!status.isDirectory() && status.links() > 1) {
            groups.computeIfAbsent(Inode.of(status), _ -> new HashSet<>()).add(path);
        }
    }

    /** All names of the file that has this one. */
    Set<EntryPath> names(EntryPath path, FileStatus status) {
        return groups.getOrDefault(Inode.of(status), Set.of(path));
    }
}
