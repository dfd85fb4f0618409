package dev.jbuild.core.build;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.tar.TarArchive;
import dev.jbuild.layer.tree.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The archives that ADD finds among its sources. Each is read once: its files are set aside, for a layer is written in an
 * order of its own.
 */
record Archives(FileTree tree, Spool spool, LayerWorkshop workshop) {

    /** Whether a file is a tar archive, compressed or not, by its content alone. */
    boolean isArchive(EntryPath file) throws IOException {
        return workshop.reading(() -> {}, (limits, _) -> isArchive(file, limits));
    }

    private boolean isArchive(EntryPath file, LayerLimits limits) throws IOException {
        try (InputStream in = tree.open(file)) {
            return TarArchive.isOne(in, limits, name(file));
        }
    }

    /** The members of an archive in its order, by their names in it. */
    List<CopyItem> members(EntryPath file) throws IOException {
        return workshop.reading(() -> {}, (limits, _) -> members(file, limits));
    }

    private List<CopyItem> members(EntryPath file, LayerLimits limits) throws IOException {
        List<CopyItem> members = new ArrayList<>();
        try (InputStream in = tree.open(file)) {
            TarArchive.read(in, limits, name(file)).writeTo((entry, content) -> members.add(member(entry, content)));
        }
        return members;
    }

    private static String name(EntryPath file) {
        return "archive /" + file;
    }

    private CopyItem member(LayerEntry entry, InputStream content) throws IOException {
        return entry.type() == LayerEntry.Type.FILE
                ? new CopyItem(entry, spool.keep(entry.path(), content))
                : CopyItem.empty(entry);
    }
}
