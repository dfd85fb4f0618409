package dev.jbuild.layer.tree;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.linux.FileKind;
import dev.jbuild.linux.FileStat;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/** Goes through an upper directory, whiteouts included, each directory by sorted names. Not recursive: trees may be deep. */
final class UpperWalk {
    private final ConfinedDirectory directory;
    private final UpperTree.Reading reading;
    /** What is left of each directory on the way to {@link #at}: names alone, as the paths of a deep tree would fill the memory. */
    private final Deque<Deque<Bytes>> levels = new ArrayDeque<>();

    private EntryPath at = EntryPath.ROOT;

    UpperWalk(ConfinedDirectory directory, UpperTree.Reading reading) {
        this.directory = directory;
        this.reading = reading;
    }

    void run() throws IOException {
        reading.root(FileStatus.of(stat(EntryPath.ROOT)));
        descend(EntryPath.ROOT);
        while (!levels.isEmpty()) {
            Bytes name = levels.element().poll();
            if (name == null) {
                levels.remove();
                reading.leave(at);
                at = at.parent();
            } else {
                visit(at.resolve(name));
            }
        }
    }

    private void visit(EntryPath path) throws IOException {
        FileStat stat = stat(path);
        if (stat.isWhiteout()) {
            reading.whiteout(path);
        } else if (stat.kind() == FileKind.SOCKET) {
            reading.socket(path);
        } else if (stat.kind() != FileKind.DIRECTORY) {
            reading.entry(path, FileStatus.of(stat));
        } else if (reading.enter(path, FileStatus.of(stat), directory.isOpaque(path))) {
            descend(path);
        } else {
            reading.leave(path);
        }
    }

    private void descend(EntryPath path) throws IOException {
        List<Bytes> names = directory.names(path);
        Collections.sort(names);
        levels.push(new ArrayDeque<>(names));
        at = path;
    }

    private FileStat stat(EntryPath path) throws IOException {
        return directory.lookup(path).orElseThrow(() -> new NoSuchFileException(path.toString()));
    }
}
