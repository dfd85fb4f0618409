package dev.jbuild.layer.tree;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.linux.FileKind;
import dev.jbuild.linux.FileStat;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/** Goes through an upper directory, whiteouts included, each directory by sorted names. Not recursive: trees may be deep. */
final class UpperWalk {
    private final ConfinedDirectory directory;
    private final UpperTree.Reading reading;
    private final List<Level> levels = new ArrayList<>();

    private record Level(EntryPath path, Deque<Bytes> rest) {}

    UpperWalk(ConfinedDirectory directory, UpperTree.Reading reading) {
        this.directory = directory;
        this.reading = reading;
    }

    void run() throws IOException {
        reading.root(FileStatus.of(stat(EntryPath.ROOT)));
        descend(EntryPath.ROOT);
        while (!levels.isEmpty()) {
            Level level = levels.getLast();
            if (level.rest().isEmpty()) {
                levels.removeLast();
                reading.leave(level.path());
            } else {
                visit(level.path().resolve(level.rest().remove()));
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
        levels.add(new Level(path, new ArrayDeque<>(names)));
    }

    private FileStat stat(EntryPath path) throws IOException {
        return directory.lookup(path).orElseThrow(() -> new NoSuchFileException(path.toString()));
    }
}
