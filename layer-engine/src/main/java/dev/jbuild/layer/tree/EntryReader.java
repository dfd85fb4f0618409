package dev.jbuild.layer.tree;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerSink;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;

/** Puts entries of a tree into a sink: the first name of an inode with its content, the others as hard links to it. */
final class EntryReader {
    private final FileTree tree;
    private final LayerSink sink;
    private final Map<LinkGroups.Inode, EntryPath> firstNames = new HashMap<>();

    EntryReader(FileTree tree, LayerSink sink) {
        this.tree = tree;
        this.sink = sink;
    }

    void put(EntryPath path, FileStatus status) throws IOException {
        if (status.links() > 1 && !status.isDirectory()) {
            EntryPath first = firstNames.putIfAbsent(LinkGroups.Inode.of(status), path);
            if (first != null) {
                putMarker(status.toHardLink(path, first));
                return;
            }
        }
        putWhole(path, status);
    }

    /** Puts an entry that has no content. */
    void putMarker(LayerEntry entry) throws IOException {
        sink.put(entry, InputStream.nullInputStream());
    }

    private void putWhole(EntryPath path, FileStatus status) throws IOException {
        Bytes target = status.isLink() ? tree.readLink(path) : Bytes.EMPTY;
        LayerEntry entry = status.toEntry(path, target, tree.xattrs(path));
        if (!status.isFile()) {
            putMarker(entry);
            return;
        }
        try (InputStream content = tree.open(path)) {
            sink.put(entry, content);
        }
    }
}
