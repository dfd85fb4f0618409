package dev.jbuild.layer.tree;

import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.linux.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Layers applied one over the other in directories of a test. */
final class LayerStack {
    private final Path folder;
    private final Linux linux;
    private final List<Path> topmostFirst = new ArrayList<>();

    LayerStack(Path folder) {
        this(folder, Linux.system());
    }

    LayerStack(Path folder, Linux linux) {
        this.folder = folder;
        this.linux = linux;
    }

    /** Applies a layer over the ones before it; returns the writer's notes. */
    List<String> apply(LayerSource layer) throws IOException {
        Path directory = Files.createDirectory(folder.resolve("layer" + topmostFirst.size()));
        List<String> notes;
        if (topmostFirst.isEmpty()) {
            notes = TreeWriter.unpack(linux, layer, directory, Optional.empty(), LayerLimits.defaults());
        } else {
            try (StackedTree lower = tree()) {
                notes = TreeWriter.unpack(linux, layer, directory, Optional.of(lower), LayerLimits.defaults());
            }
        }
        topmostFirst.addFirst(directory);
        return notes;
    }

    StackedTree tree() throws IOException {
        return StackedTree.open(Linux.system(), topmostFirst);
    }

    List<Path> directories() {
        return List.copyOf(topmostFirst);
    }

    Path top() {
        return topmostFirst.getFirst();
    }
}
