package dev.jbuild.core.build;

import dev.jbuild.core.plan.CacheKey;
import dev.jbuild.layer.EntryPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The filesystem that a node results in: its layers, lowest first, and what it was made from.
 *
 * @param key what a step on top of it depends on
 * @param present directories that are known to exist although no layer was read
 * @param peculiar directories of which only the base's layers tell what they are
 */
record Snapshot(CacheKey key, List<Layer> layers, Set<EntryPath> present, Set<EntryPath> peculiar) {
    Snapshot {
        layers = List.copyOf(layers);
        present = Set.copyOf(present);
        peculiar = Set.copyOf(peculiar);
    }

    Snapshot with(CacheKey newKey, Layer top) {
        List<Layer> stacked = new ArrayList<>(layers);
        stacked.add(top);
        return new Snapshot(newKey, stacked, present, peculiar);
    }

    /** This filesystem with one on top that was made without it. */
    Snapshot merged(Snapshot top) {
        List<Layer> stacked = new ArrayList<>(layers);
        stacked.addAll(top.layers);
        return new Snapshot(StepKeys.merged(key, top.key), stacked, present, peculiar);
    }

    /** The filesystem as far as it is known without the layers of the base. */
    KnownRoot knownRoot() throws IOException {
        boolean emptyBase = layers.stream().noneMatch(layer -> layer.remote().isPresent());
        KnownRoot known = new KnownRoot(emptyBase, peculiar);
        for (Layer layer : layers) {
            if (layer.remote().isEmpty()) {
                layer.entries().writeTo(known);
            }
        }
        return known;
    }
}
