package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.dockerfile.IgnoreRules;
import dev.jbuild.layer.store.FileDigestIndex;
import dev.jbuild.layer.tree.DirectoryTree;
import dev.jbuild.layer.tree.FileTree;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Directories of this machine that a build names, each opened once and kept open until the build is over. */
final class LocalDirectories implements Closeable {
    private final BuildTools tools;
    private final Map<Path, Open> opened = new HashMap<>();

    /** A directory with its own {@code .dockerignore} and the digests that are known of its files. */
    record Open(FileTree tree, IgnoreRules ignore, FileDigestIndex index) {}

    LocalDirectories(BuildTools tools) {
        this.tools = tools;
    }

    synchronized Open open(Path path) throws IOException, BuildException {
        Path directory = path.toAbsolutePath().normalize();
        Open known = opened.get(directory);
        if (known != null) {
            return known;
        }
        if (!Files.isDirectory(directory)) {
            throw new BuildException(Kind.USAGE, "the build context " + path + " is not a directory");
        }
        FileTree tree =
                new ContextFiles(DirectoryTree.openOfHost(tools.linux(), directory), "the context " + directory);
        try {
            Open open = new Open(
                    tree,
                    BuildDefinition.ignoreRules(tree),
                    tools.store().digests().open(directory.toString()));
            opened.put(directory, open);
            return open;
        } catch (IOException | BuildException e) {
            tree.close();
            throw e;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        for (Open open : opened.values()) {
            try (FileTree _ = open.tree()) {
                open.index().save();
            }
        }
        opened.clear();
    }
}
