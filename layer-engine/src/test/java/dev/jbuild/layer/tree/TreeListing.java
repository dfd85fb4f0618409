package dev.jbuild.layer.tree;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A tree as lines that tell all of every entry, to compare trees by. */
final class TreeListing {
    private final FileTree tree;
    private final boolean withDirectoryTimes;
    private final List<String> lines = new ArrayList<>();
    private final Map<String, EntryPath> inodes = new HashMap<>();

    private TreeListing(FileTree tree, boolean withDirectoryTimes) {
        this.tree = tree;
        this.withDirectoryTimes = withDirectoryTimes;
    }

    static List<String> of(FileTree tree) throws IOException {
        return new TreeListing(tree, true).read();
    }

    static List<String> withoutDirectoryTimes(FileTree tree) throws IOException {
        return new TreeListing(tree, false).read();
    }

    private List<String> read() throws IOException {
        Deque<EntryPath> rest = new ArrayDeque<>(List.of(EntryPath.ROOT));
        while (!rest.isEmpty()) {
            EntryPath path = rest.pop();
            FileStatus status = tree.lstat(path).orElseThrow();
            lines.add(line(path, status));
            if (status.isDirectory()) {
                for (FileTree.Child child : tree.list(path).reversed()) {
                    rest.push(path.resolve(child.name()));
                }
            }
        }
        return lines;
    }

    private String line(EntryPath path, FileStatus status) throws IOException {
        LayerEntry entry = status.toEntry(path, status.isLink() ? tree.readLink(path) : Bytes.EMPTY, tree.xattrs(path));
        String time = status.isDirectory() && !withDirectoryTimes
                ? ""
                : entry.mtime().seconds() + "." + entry.mtime().nanos();
        return String.join(
                " ",
                path.toString(),
                entry.type().toString(),
                Integer.toOctalString(entry.mode()),
                entry.uid() + ":" + entry.gid(),
                time,
                Long.toString(entry.size()),
                entry.linkTarget().toString(),
                entry.devMajor() + "," + entry.devMinor(),
                entry.xattrs().toString(),
                content(path, status),
                firstName(path, status));
    }

    private String content(EntryPath path, FileStatus status) throws IOException {
        if (!status.isFile()) {
            return "";
        }
        try (InputStream content = tree.open(path)) {
            return Integer.toHexString(Arrays.hashCode(content.readAllBytes()));
        }
    }

    private String firstName(EntryPath path, FileStatus status) {
        if (status.isDirectory() || status.links() == 1) {
            return "";
        }
        EntryPath first = inodes.putIfAbsent(status.device() + ":" + status.inode(), path);
        return first == null ? "" : "= " + first;
    }
}
