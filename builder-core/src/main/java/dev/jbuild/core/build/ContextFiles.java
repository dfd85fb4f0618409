package dev.jbuild.core.build;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.tree.FileStatus;
import dev.jbuild.layer.tree.FileTree;
import dev.jbuild.linux.LinuxException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The user's own files: what the kernel refuses there is told by the path that the user knows, and as a failure of the build.
 * What the whole machine lacks (memory, descriptors) stays what it is.
 *
 * @param place what the tree is called in errors: {@code the build context}
 */
record ContextFiles(FileTree tree, String place) implements FileTree {
    @FunctionalInterface
    private interface Look<T> {
        T at(EntryPath path) throws IOException;
    }

    @Override
    public Optional<FileStatus> lstat(EntryPath path) throws IOException {
        return told(path, tree::lstat);
    }

    @Override
    public Optional<FileStatus> stat(EntryPath path) throws IOException {
        return told(path, tree::stat);
    }

    @Override
    public Optional<EntryPath> realPath(EntryPath path, boolean followLast) throws IOException {
        return told(path, p -> tree.realPath(p, followLast));
    }

    @Override
    public EntryPath landing(EntryPath path, boolean followLast) throws IOException {
        return told(path, p -> tree.landing(p, followLast));
    }

    @Override
    public List<Child> list(EntryPath directory) throws IOException {
        return told(directory, tree::list);
    }

    @Override
    public InputStream open(EntryPath path) throws IOException {
        return new Content(told(path, tree::open), path);
    }

    @Override
    public Bytes readLink(EntryPath path) throws IOException {
        return told(path, tree::readLink);
    }

    @Override
    public SortedMap<String, Bytes> xattrs(EntryPath path) throws IOException {
        return told(path, tree::xattrs);
    }

    @Override
    public void close() throws IOException {
        tree.close();
    }

    private <T> T told(EntryPath path, Look<T> look) throws IOException {
        try {
            return look.at(path);
        } catch (LinuxException e) {
            throw isOfMachine(e) ? e : new UnreadableFileException(path, place, e);
        }
    }

    private static boolean isOfMachine(LinuxException e) {
        return switch (e.errnoName()) {
            case "EMFILE", "ENFILE", "ENOMEM" -> true;
            default -> false;
        };
    }

    /** A file may be opened and yet not be read: a broken disk, a network that went away. */
    private final class Content extends FilterInputStream {
        private final EntryPath path;

        private Content(InputStream in, EntryPath path) {
            super(in);
            this.path = path;
        }

        @Override
        public int read() throws IOException {
            return told(path, _ -> in.read());
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return told(path, _ -> in.read(buffer, offset, length));
        }
    }
}
