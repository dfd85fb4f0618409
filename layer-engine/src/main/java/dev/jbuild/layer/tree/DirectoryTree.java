package dev.jbuild.layer.tree;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.linux.FileStat;
import dev.jbuild.linux.Linux;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** One directory as a tree: a build context. What is in it may change while it is read, but never leads out of it. */
public final class DirectoryTree extends ResolvingTree {
    private final ConfinedDirectory directory;
    private final boolean ofHost;

    private DirectoryTree(ConfinedDirectory directory, boolean ofHost) {
        this.directory = directory;
        this.ofHost = ofHost;
    }

    /** Opens a directory by a path that is the user's own word: links on the way to it are followed. */
    public static DirectoryTree open(Linux linux, Path root) throws IOException {
        return new DirectoryTree(new ConfinedDirectory(linux, root), false);
    }

    /**
     * The same for a directory of the host, whose extended attributes speak of that host: what a program may do there
     * ({@code security.capability}), where a file was downloaded from ({@code user.xdg.origin.url}). They stay there, as BuildKit
     * has it. Its files may be listed by who may not read them.
     */
    public static DirectoryTree openOfHost(Linux linux, Path root) throws IOException {
        return new DirectoryTree(ConfinedDirectory.ofHost(linux, root), true);
    }

    @Override
    public Optional<FileStatus> lookup(EntryPath linkFree) throws IOException {
        return directory.lookup(linkFree).map(FileStatus::of);
    }

    @Override
    public Bytes linkTarget(EntryPath linkFree) throws IOException {
        return directory.linkTarget(linkFree);
    }

    @Override
    List<Child> children(EntryPath linkFree) throws IOException {
        if (!lookup(linkFree).map(FileStatus::isDirectory).orElse(false)) {
            throw new NotDirectoryException(linkFree.toString());
        }
        List<Bytes> names = directory.names(linkFree);
        Collections.sort(names);
        List<Child> children = new ArrayList<>(names.size());
        for (Bytes name : names) {
            // An entry that went away since the listing is not there.
            Optional<FileStat> stat = directory.lookup(linkFree.resolve(name));
            stat.ifPresent(present -> children.add(new Child(name, FileStatus.of(present))));
        }
        return children;
    }

    @Override
    Optional<InputStream> content(EntryPath linkFree) throws IOException {
        Optional<FileStat> seen = directory.lookup(linkFree);
        return seen.isPresent()
                ? Optional.of(directory.content(linkFree, seen.get().kind()))
                : Optional.empty();
    }

    /** Those of a host's file are not looked at, nor is the file. */
    @Override
    public SortedMap<String, Bytes> xattrs(EntryPath path) throws IOException {
        return ofHost ? Collections.emptySortedMap() : super.xattrs(path);
    }

    @Override
    Optional<SortedMap<String, Bytes>> attributes(EntryPath linkFree) throws IOException {
        return lookup(linkFree).isPresent() ? Optional.of(directory.attributes(linkFree)) : Optional.empty();
    }

    @Override
    public void close() {
        directory.close();
    }
}
