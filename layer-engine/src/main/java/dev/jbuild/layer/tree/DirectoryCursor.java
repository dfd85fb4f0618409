package dev.jbuild.layer.tree;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.OpenFlag;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The directories on the way to the one last asked for, held open.
 *
 * <p>Each is opened from the one before it by its single name and without following a link, so no rename in the tree can
 * lead out of it. Work that goes through a tree in its order opens each directory once.
 */
final class DirectoryCursor implements Closeable {
    private static final int MAX_OPEN = 64;
    private static final byte[] SELF = {'.'};

    private final Linux linux;
    private final Fd root;
    private final List<Level> levels = new ArrayList<>();

    private record Level(EntryPath path, Fd directory) {}

    DirectoryCursor(Linux linux, Path root) throws IOException {
        this.linux = linux;
        this.root = linux.open(root, OpenFlag.PATH, OpenFlag.DIRECTORY);
    }

    /**
     * The open directory, good until the next call; only its entries can be reached by it, as it is opened O_PATH. What lies
     * below it is let go, so whoever asks for a parent to remove or replace an entry in it leaves nothing of that entry here.
     *
     * @throws dev.jbuild.linux.LinuxException with ENOENT, or with ENOTDIR when a component is a link or anything else
     */
    Fd at(EntryPath directory) throws IOException {
        leaveAllBut(directory);
        EntryPath from = levels.isEmpty() ? EntryPath.ROOT : levels.getLast().path();
        for (Bytes name : directory.relativeTo(from).components()) {
            enter(name);
        }
        return top();
    }

    /** As {@link #at}, freshly opened for reading its entries. */
    Fd listing(EntryPath directory) throws IOException {
        return linux.openAt(at(directory), SELF, 0, OpenFlag.READ, OpenFlag.DIRECTORY);
    }

    Fd root() {
        return root;
    }

    @Override
    public void close() {
        levels.forEach(level -> level.directory().close());
        root.close();
    }

    private void leaveAllBut(EntryPath directory) {
        while (!levels.isEmpty() && !directory.startsWith(levels.getLast().path())) {
            levels.removeLast().directory().close();
        }
    }

    private void enter(Bytes name) throws IOException {
        EntryPath from = levels.isEmpty() ? EntryPath.ROOT : levels.getLast().path();
        Fd next = linux.openAt(top(), name.toArray(), 0, OpenFlag.PATH, OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW);
        if (levels.size() == MAX_OPEN) {
            thinOut();
        }
        levels.add(new Level(from.resolve(name), next));
    }

    /**
     * A hostile tree may be thousands deep. Every second of the older half goes, so what stays lies the closer together the
     * deeper it is: going back up, each piece of the way is walked anew few times, and never all of it.
     */
    private void thinOut() {
        for (int i = MAX_OPEN / 2 - 2; i >= 0; i -= 2) {
            levels.remove(i).directory().close();
        }
    }

    private Fd top() {
        return levels.isEmpty() ? root : levels.getLast().directory();
    }
}
