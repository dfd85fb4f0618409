package dev.jbuild.layer.tree;

import dev.jbuild.linux.Errno;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FileStat;
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
    private static final int MAX_OPEN = 64;
    private static final byte[] SELF = {'.'};
    private static final byte[] PARENT = {'.', '.'};

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

    /** A directory being emptied: what is still in it, and which it is, should it have to be opened again. */
    private static final class Level {
        private final byte[] name;
        private final FileStat identity;
        private final Deque<byte[]> rest;
        private Fd directory;
        private boolean isOpen = true;

        Level(byte[] name, Fd directory, FileStat identity, Deque<byte[]> rest) {
            this.name = name;
            this.directory = directory;
            this.identity = identity;
            this.rest = rest;
        }

        void close() {
            directory.close();
            isOpen = false;
        }
    }

    /** Not recursive, and with few directories open: a hostile tree may be deeper than a stack or a descriptor table. */
    private void empty(Fd directory, byte[] name) throws IOException {
        List<Level> levels = new ArrayList<>();
        try {
            levels.add(enter(directory, name));
            while (!levels.isEmpty()) {
                Level level = levels.getLast();
                if (level.rest.isEmpty()) {
                    leave(levels);
                } else {
                    descend(levels, level);
                }
            }
        } finally {
            levels.forEach(Level::close);
        }
    }

    private void descend(List<Level> levels, Level level) throws IOException {
        byte[] child = level.rest.remove();
        if (unlink(level.directory, child)) {
            return;
        }
        Level below = enter(level.directory, child);
        levels.add(below);
        if (below.identity.device() != level.identity.device()) {
            throw new LinuxException("unlinkat", Errno.EXDEV, below.directory.path());
        }
        if (levels.size() > MAX_OPEN) {
            levels.get(levels.size() - 1 - MAX_OPEN).close();
        }
    }

    private void leave(List<Level> levels) throws IOException {
        Level done = levels.removeLast();
        try {
            if (!levels.isEmpty() && !levels.getLast().isOpen) {
                reopen(levels.getLast(), done);
            }
        } finally {
            done.close();
        }
        if (!levels.isEmpty()) {
            linux.removeDirectoryAt(levels.getLast().directory, done.name);
        }
    }

    /** Goes back up by the kernel's own link, and makes sure that nobody moved the directory away meanwhile. */
    private void reopen(Level level, Level child) throws IOException {
        level.directory = linux.openAt(child.directory, PARENT, 0, OpenFlag.PATH, OpenFlag.DIRECTORY);
        level.isOpen = true;
        FileStat found = linux.stat(level.directory);
        if (found.inode() != level.identity.inode() || found.device() != level.identity.device()) {
            throw new LinuxException("openat", Errno.EXDEV, child.directory.path() + "/..");
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
        Fd directory = linux.openAt(parent, name, 0, OpenFlag.PATH, OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW);
        try {
            FileStat identity = linux.stat(directory);
            // An ordinary user must first be let into directories of his own that bar him.
            if ((identity.mode() & OWNER_ALL) != OWNER_ALL) {
                linux.chmod(directory, OWNER_ALL);
            }
            return new Level(name, directory, identity, names(directory));
        } catch (IOException | RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    private Deque<byte[]> names(Fd directory) throws IOException {
        try (Fd listing = linux.openAt(directory, SELF, 0, OpenFlag.READ, OpenFlag.DIRECTORY)) {
            return new ArrayDeque<>(linux.list(listing));
        }
    }
}
