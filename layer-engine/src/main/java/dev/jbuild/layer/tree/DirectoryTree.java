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

    private DirectoryTree(ConfinedDirectory directory) {
        this.directory = directory;
    }

    /** Opens a directory by a path that is the user's own word: links on the way to it are followed. */
    public static DirectoryTree open(Linux linux, Path root) throws IOException {
        return new DirectoryTree(new ConfinedDirectory(linux, root));
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
    InputStream content(EntryPath linkFree) throws IOException {
        return directory.content(linkFree);
    }

    @Override
    SortedMap<String, Bytes> attributes(EntryPath linkFree) throws IOException {
        return directory.attributes(linkFree);
    }

    @Override
    public void close() {
        directory.close();
    }
}
