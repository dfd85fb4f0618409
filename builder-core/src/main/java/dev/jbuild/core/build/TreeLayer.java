package dev.jbuild.core.build;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerSink;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.tree.FileTree;
import dev.jbuild.linux.FileKind;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;

/** A whole filesystem as the entries of one layer, hard links kept; sockets, which no tar can hold, are left out. */
final class TreeLayer implements LayerSource {
    private final FileTree tree;
    private final Map<SourceFile.Identity, EntryPath> linked = new HashMap<>();

    TreeLayer(FileTree tree) {
        this.tree = tree;
    }

    @Override
    public void writeTo(LayerSink sink) throws IOException {
        write(EntryPath.ROOT, sink);
    }

    private void write(EntryPath directory, LayerSink sink) throws IOException {
        for (FileTree.Child child : tree.list(directory)) {
            EntryPath path = directory.resolve(child.name());
            SourceFile file = new SourceFile(path, path, child.status());
            if (child.status().kind() == FileKind.SOCKET) {
                continue;
            }
            EntryPath first = file.isShared() ? linked.putIfAbsent(file.identity(), path) : null;
            if (first != null) {
                sink.put(child.status().toHardLink(path, first), InputStream.nullInputStream());
            } else {
                CopyItem item = TreeEntries.item(tree, path, child.status(), path);
                try (InputStream content = item.content().open()) {
                    sink.put(item.entry(), content);
                }
            }
            if (child.status().isDirectory()) {
                write(path, sink);
            }
        }
    }
}
