package dev.jbuild.layer.store;

import dev.jbuild.linux.Errno;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FileKind;
import dev.jbuild.linux.FileStat;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import dev.jbuild.linux.OpenFlag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Removes whole trees, however hostile: by descriptor, never through a link, with two descriptors open however deep the
 * tree is. Each directory below is first moved up to the top, where it is emptied in turn.
 */
final class FolderRemover {
    private final Linux linux;
    private long bytes;
    private long counter;

    FolderRemover(Linux linux) {
        this.linux = linux;
    }

    /**
     * Removes a file or a folder and all below it; nothing happens when there is none. Others may be at the same thing: a
     * session that ends and a sweeper that takes it for a dead one.
     *
     * @return the bytes of the files that are gone
     */
    long remove(Path path) throws IOException {
        try (Fd parent = StoreFolder.handle(linux, StoreFolders.parent(path))) {
            return remove(parent, StoreFolders.name(path));
        }
    }

    /** As {@link #remove(Path)}, of the entry of that name. */
    long remove(Fd parent, byte[] name) throws IOException {
        bytes = 0;
        boolean removed = false;
        while (!removed) {
            removed = isRemoved(parent, name);
        }
        return bytes;
    }

    /** Whether it is gone now; where somebody else removed a part of it meanwhile, what is left comes next. */
    private boolean isRemoved(Fd parent, byte[] name) throws IOException {
        try {
            removeEntry(parent, name);
            return true;
        } catch (LinuxException e) {
            if (!e.errnoName().equals("ENOENT")) {
                throw e;
            }
            return false;
        }
    }

    private void removeEntry(Fd parent, byte[] name) throws IOException {
        Optional<FileStat> stat = linux.statAt(parent, name);
        if (stat.isEmpty()) {
            return;
        }
        if (stat.get().kind() != FileKind.DIRECTORY) {
            unlink(parent, name, stat.get());
            return;
        }
        if (isRemovedEmpty(parent, name)) {
            return;
        }
        Deque<byte[]> waiting = new ArrayDeque<>();
        try (Fd top = openFolder(parent, name)) {
            empty(top, top, waiting);
            while (!waiting.isEmpty()) {
                byte[] folder = waiting.pop();
                try (Fd fd = openFolder(top, folder)) {
                    empty(fd, top, waiting);
                }
                linux.removeDirectoryAt(top, folder);
            }
        }
        linux.removeDirectoryAt(parent, name);
    }

    /** As a step's work directory mostly is, for its launcher has emptied it: that takes no look inside. */
    private boolean isRemovedEmpty(Fd parent, byte[] name) throws IOException {
        try {
            linux.removeDirectoryAt(parent, name);
            return true;
        } catch (LinuxException e) {
            if (e.errno() != Errno.ENOTEMPTY) {
                throw e;
            }
            return false;
        }
    }

    /** Unlinks what is no directory, and moves directories to the top under names that cannot be taken there. */
    private void empty(Fd folder, Fd top, Deque<byte[]> waiting) throws IOException {
        for (byte[] name : linux.list(folder)) {
            Optional<FileStat> stat = linux.statAt(folder, name);
            if (stat.isPresent() && stat.get().kind() == FileKind.DIRECTORY) {
                waiting.push(moveUp(folder, name, top));
            } else if (stat.isPresent()) {
                unlink(folder, name, stat.get());
            }
        }
    }

    private byte[] moveUp(Fd folder, byte[] name, Fd top) throws IOException {
        while (true) {
            byte[] moved = (".removing-" + counter++).getBytes(StandardCharsets.US_ASCII);
            try {
                linux.renameAt(folder, name, top, moved, dev.jbuild.linux.RenameFlag.NO_REPLACE);
                return moved;
            } catch (LinuxException e) {
                if (!e.errnoName().equals("EEXIST")) {
                    throw e;
                }
            }
        }
    }

    private void unlink(Fd folder, byte[] name, FileStat stat) throws IOException {
        linux.unlinkAt(folder, name);
        bytes += stat.links() == 1 ? stat.size() : 0;
    }

    /** Without root a directory may deny its own owner: the owner may change that. */
    private Fd openFolder(Fd parent, byte[] name) throws IOException {
        try (Fd place = linux.openAt(parent, name, 0, OpenFlag.PATH, OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW)) {
            if ((linux.stat(place).mode() & 0700) != 0700) {
                linux.chmod(place, 0700);
            }
        }
        return linux.openAt(parent, name, 0, OpenFlag.READ, OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW);
    }
}
