package dev.jbuild.layer.tree;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the changes that a walk finds. A directory that is itself unchanged is written when something in it is, so that
 * every entry's parents come before it (as BuildKit's differ does); the root, which every image has, is not.
 */
final class ChangeWriter {
    private final EntryReader reader;
    private final List<Parent> unwritten = new ArrayList<>();

    private record Parent(EntryPath path, FileStatus status) {}

    ChangeWriter(EntryReader reader) {
        this.reader = reader;
    }

    /** Enters a directory that both sides have; it waits for a change in it. */
    void enterUnchanged(EntryPath directory, FileStatus status) {
        if (!directory.isRoot()) {
            unwritten.add(new Parent(directory, status));
        }
    }

    void leave(EntryPath directory) {
        if (!unwritten.isEmpty() && unwritten.getLast().path().equals(directory)) {
            unwritten.removeLast();
        }
    }

    void changed(EntryPath path, FileStatus status) throws IOException {
        writeParents();
        reader.put(path, status);
    }

    void removed(EntryPath path) throws IOException {
        writeParents();
        reader.putMarker(LayerEntry.whiteout(path));
    }

    void opaque(EntryPath directory) throws IOException {
        writeParents();
        reader.putMarker(LayerEntry.opaque(directory));
    }

    private void writeParents() throws IOException {
        for (Parent parent : unwritten) {
            reader.put(parent.path(), parent.status());
        }
        unwritten.clear();
    }
}
