package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.layer.store.PreparedTree;
import dev.jbuild.layer.tree.FileStatus;
import dev.jbuild.layer.tree.FileTree;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The parts of the build context that steps mount, each copied once for a build and gone after it: a step must see neither
 * what {@code .dockerignore} hides nor the owners that the files have on this machine.
 */
final class ContextTrees implements Closeable {
    private final LayerWorkshop workshop;
    private final FileTree context;
    private final Map<String, PreparedTree> trees = new HashMap<>();

    ContextTrees(LayerWorkshop workshop, FileTree context) {
        this.workshop = workshop;
        this.context = context;
    }

    /** A directory with the contents of that source, or with the one file that it is. */
    synchronized Path of(String source, SourceMatch match) throws IOException, BuildException {
        PreparedTree known = trees.get(source);
        if (known != null) {
            return known.fs();
        }
        PreparedTree made = workshop.store().trees().prepare();
        trees.put(source, made);
        CopyPlacement placement = new CopyPlacement(
                new KnownRoot(true, Set.of()), Optional.of(Owner.ROOT), Optional.empty(), new Timestamp(0, 0));
        placement.place(match, context, "/");
        workshop.fillTree(placement.layer(), made.fs(), java.util.List.of());
        if (match.directory()) {
            giveMode(source, made.fs());
        }
        return made.fs();
    }

    private void giveMode(String source, Path directory) throws IOException {
        Optional<FileStatus> status = context.stat(EntryPath.cleaned(source.getBytes(StandardCharsets.UTF_8)));
        if (status.isPresent()) {
            MountSources.dress(workshop.linux(), directory, status.get().mode(), 0, 0);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        for (PreparedTree tree : trees.values()) {
            tree.close();
        }
        trees.clear();
    }
}
