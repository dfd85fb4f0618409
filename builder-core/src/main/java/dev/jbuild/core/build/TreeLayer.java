package dev.jbuild.core.build;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerSink;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.tree.FileTree;
import dev.jbuild.linux.FileKind;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** A whole filesystem as the entries of one layer, hard links kept; sockets, which no tar can hold, are left out. */
final class TreeLayer implements LayerSource {
    private final FileTree tree;
    private final Map<SourceFile.Identity, EntryPath> linked = new HashMap<>();

    TreeLayer(FileTree tree) {
        this.tree = tree;
    }

    /** Not recursive: the tree of a hostile image may be deeper than a stack. */
    @Override
    public void writeTo(LayerSink sink) throws IOException {
        Deque<Deque<FileTree.Child>> levels = new ArrayDeque<>();
        EntryPath directory = EntryPath.ROOT;
        levels.push(new ArrayDeque<>(tree.list(directory)));
        while (!levels.isEmpty()) {
            FileTree.Child child = levels.element().poll();
            if (child == null) {
                levels.remove();
                directory = directory.parent();
                continue;
            }
            EntryPath path = directory.resolve(child.name());
            write(path, child, sink);
            if (child.status().isDirectory()) {
                directory = path;
                levels.push(new ArrayDeque<>(tree.list(path)));
            }
        }
    }

    private void write(EntryPath path, FileTree.Child child, LayerSink sink) throws IOException {
        if (child.status().kind() == FileKind.SOCKET) {
            return;
        }
        SourceFile file = new SourceFile(path, path, child.status());
        EntryPath first = file.isShared() ? linked.putIfAbsent(file.identity(), path) : null;
        if (first != null) {
            sink.put(child.status().toHardLink(path, first), InputStream.nullInputStream());
            return;
        }
        CopyItem item = TreeEntries.item(tree, path, child.status(), path);
        try (InputStream content = item.content().open()) {
            sink.put(item.entry(), content);
        }
    }
}
