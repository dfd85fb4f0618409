package dev.jbuild.layer.tree;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** A tree that resolves links itself, over calls that follow none. */
abstract sealed class ResolvingTree implements FileTree, Nodes permits DirectoryTree, StackedTree {
    private final PathResolver resolver = new PathResolver(this);

    abstract List<Child> children(EntryPath linkFree) throws IOException;

    /** Empty when nothing is there. */
    abstract Optional<InputStream> content(EntryPath linkFree) throws IOException;

    /** Empty when nothing is there. */
    abstract Optional<SortedMap<String, Bytes>> attributes(EntryPath linkFree) throws IOException;

    @Override
    public final Optional<FileStatus> lstat(EntryPath path) throws IOException {
        Optional<FileStatus> direct = lookup(path);
        if (direct.isPresent()) {
            return direct;
        }
        Optional<EntryPath> real = realPath(path, false);
        return real.isPresent() ? lookup(real.get()) : Optional.empty();
    }

    @Override
    public final Optional<FileStatus> stat(EntryPath path) throws IOException {
        Optional<FileStatus> direct = lookup(path);
        if (direct.isPresent() && !direct.get().isLink()) {
            return direct;
        }
        Optional<EntryPath> real = realPath(path, true);
        return real.isPresent() ? lookup(real.get()) : Optional.empty();
    }

    @Override
    public final Optional<EntryPath> realPath(EntryPath path, boolean followLast) throws IOException {
        return resolver.existing(path, followLast);
    }

    @Override
    public final EntryPath landing(EntryPath path, boolean followLast) throws IOException {
        return resolver.landing(path, followLast);
    }

    @Override
    public final List<Child> list(EntryPath directory) throws IOException {
        return children(existing(directory));
    }

    @Override
    public final InputStream open(EntryPath path) throws IOException {
        Optional<InputStream> direct = content(path);
        return direct.isPresent() ? direct.get() : require(path, content(existing(path)));
    }

    @Override
    public final Bytes readLink(EntryPath path) throws IOException {
        return linkTarget(existing(path));
    }

    @Override
    public SortedMap<String, Bytes> xattrs(EntryPath path) throws IOException {
        Optional<SortedMap<String, Bytes>> direct = attributes(path);
        return direct.isPresent() ? direct.get() : require(path, attributes(existing(path)));
    }

    private EntryPath existing(EntryPath path) throws IOException {
        if (lookup(path).isPresent()) {
            return path;
        }
        return require(path, realPath(path, false));
    }

    private static <T> T require(EntryPath path, Optional<T> there) throws NoSuchFileException {
        return there.orElseThrow(() -> new NoSuchFileException(path.toString()));
    }
}
