package dev.jbuild.layer.tree;

import dev.jbuild.linux.Errno;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import dev.jbuild.linux.OpenFlag;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Removes an entry with all below it, by descriptors: a link is removed and never entered, and neither is another file
 * system that is mounted there.
 */
public final class TreeRemover {
    private static final int OWNER_ALL = 0700;
    private static final byte[] SELF = {'.'};

    private final Linux linux;

    public TreeRemover(Linux linux) {
        this.linux = linux;
    }

    /** Removes the entry of that single name; an absent one is no error. */
    public void remove(Fd directory, byte[] name) throws IOException {
        if (!unlink(directory, name)) {
            empty(directory, name);
            linux.removeDirectoryAt(directory, name);
        }
    }

    /** A directory being emptied: what is still in it. */
    private record Level(Fd directory, byte[] name, Deque<byte[]> rest) {}

    /** Not recursive: a hostile tree may be deeper than a stack. */
    private void empty(Fd directory, byte[] name) throws IOException {
        List<Level> levels = new ArrayList<>();
        try {
            levels.add(enter(directory, name));
            long device = linux.stat(levels.getFirst().directory()).device();
            while (!levels.isEmpty()) {
                Level level = levels.getLast();
                if (level.rest().isEmpty()) {
                    leave(levels);
                } else {
                    descend(levels, level, device);
                }
            }
        } finally {
            levels.forEach(level -> level.directory().close());
        }
    }

    private void descend(List<Level> levels, Level level, long device) throws IOException {
        byte[] child = level.rest().remove();
        if (unlink(level.directory(), child)) {
            return;
        }
        Level below = enter(level.directory(), child);
        levels.add(below);
        if (linux.stat(below.directory()).device() != device) {
            throw new LinuxException("unlinkat", Errno.EXDEV, below.directory().path());
        }
    }

    private void leave(List<Level> levels) throws IOException {
        Level done = levels.removeLast();
        done.directory().close();
        if (!levels.isEmpty()) {
            linux.removeDirectoryAt(levels.getLast().directory(), done.name());
        }
    }

    /** False when it is a directory. */
    private boolean unlink(Fd directory, byte[] name) throws IOException {
        try {
            linux.unlinkAt(directory, name);
            return true;
        } catch (LinuxException e) {
            return switch (e.errno()) {
                case Errno.ENOENT -> true;
                case Errno.EISDIR -> false;
                default -> throw e;
            };
        }
    }

    private Level enter(Fd parent, byte[] name) throws IOException {
        Fd directory = open(parent, name);
        try (Fd listing = linux.openAt(directory, SELF, 0, OpenFlag.READ, OpenFlag.DIRECTORY)) {
            return new Level(directory, name, new ArrayDeque<>(linux.list(listing)));
        } catch (IOException | RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    /** An ordinary user must first be let into directories of his own that bar him. */
    private Fd open(Fd parent, byte[] name) throws IOException {
        Fd directory = linux.openAt(parent, name, 0, OpenFlag.PATH, OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW);
        try {
            if ((linux.stat(directory).mode() & OWNER_ALL) != OWNER_ALL) {
                linux.chmod(directory, OWNER_ALL);
            }
            return directory;
        } catch (IOException | RuntimeException e) {
            directory.close();
            throw e;
        }
    }
}
