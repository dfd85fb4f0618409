package dev.jbuild.core.build;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.tree.FileStatus;
import dev.jbuild.layer.tree.FileTree;
import dev.jbuild.linux.FileKind;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Files of a tree as entries of a layer. */
final class TreeEntries {
    private TreeEntries() {}

    /** The entry that lies at a path, under another path; empty when nothing is there. */
    static Optional<LayerEntry> entry(FileTree tree, EntryPath path, EntryPath as) throws IOException {
        Optional<FileStatus> status = tree.lstat(path);
        return status.isPresent() ? Optional.of(entry(tree, path, status.get(), as)) : Optional.empty();
    }

    /** The entry of a file, with its content to be opened when it is written. */
    static CopyItem item(FileTree tree, EntryPath path, FileStatus status, EntryPath as) throws IOException {
        LayerEntry entry = entry(tree, path, status, as);
        return status.isFile()
                ? new CopyItem(entry, () -> tree.open(path))
                : new CopyItem(entry, InputStream::nullInputStream);
    }

    private static LayerEntry entry(FileTree tree, EntryPath path, FileStatus status, EntryPath as) throws IOException {
        if (status.kind() == FileKind.SOCKET) {
            // No tar can hold a socket; BuildKit copies it as an empty file.
            return LayerEntry.file(as, status.mode(), 0)
                    .withOwner(status.uid(), status.gid())
                    .withMtime(status.mtime());
        }
        Bytes target = status.isLink() ? tree.readLink(path) : Bytes.EMPTY;
        return status.toEntry(as, target, tree.xattrs(path));
    }
}
