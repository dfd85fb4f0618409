package dev.jbuild.layer.image;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerSink;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a well-made stack of layers keeps to beyond being readable: nothing twice, parents first, hard links to what is. */
final class LayerRules implements LayerSink {
    /** More would help nobody. */
    private static final int MOST_PROBLEMS = 20;

    private final List<String> problems = new ArrayList<>();
    private final Set<EntryPath> below = new HashSet<>();
    private final Set<EntryPath> here = new HashSet<>();
    private final Set<EntryPath> parents = new HashSet<>();
    private String layer = "";

    /** What follows belongs to the next layer up. */
    void startLayer(String name) {
        layer = name;
        below.addAll(here);
        here.clear();
        parents.clear();
    }

    List<String> problems() {
        return problems;
    }

    @Override
    public void put(LayerEntry entry, InputStream content) {
        EntryPath path = entry.path();
        if (!entry.type().isMarker()) {
            require(here.add(path), path, "comes twice");
            // The root is there before any layer; mmdebstrap's tars have it after /dev.
            require(path.isRoot() || !parents.contains(path), path, "comes after what it holds");
            if (entry.type() == LayerEntry.Type.HARDLINK) {
                EntryPath target = entry.hardLinkTarget();
                require(here.contains(target) || below.contains(target), path, "is a hard link to nothing");
            }
        }
        for (EntryPath parent = path; !parent.isRoot(); ) {
            parent = parent.parent();
            if (!parents.add(parent)) {
                break;
            }
        }
    }

    private void require(boolean holds, EntryPath path, String broken) {
        if (!holds && problems.size() < MOST_PROBLEMS) {
            problems.add(layer + ": " + path + " " + broken);
        }
    }
}
