package dev.jbuild.layer.tree;

import dev.jbuild.layer.EntryPath;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What a layer hides of the layers below it. They need not have it: whiteouts of what is not there are taken as they come. */
final class HiddenPaths {
    /** Bytes of heap for a path in a hash set, beside its own. */
    private static final long COST = 112;

    private final HeldBytes held;

    /** Lower entries that are gone with all below them. */
    private final Set<EntryPath> entries = new HashSet<>();

    /** Directories whose lower content is gone, but not they themselves. */
    private final Set<EntryPath> opaque = new HashSet<>();

    /** The path that was last found visible: nothing above it need be looked at again, however deep it lies. */
    private Optional<EntryPath> visible = Optional.empty();

    HiddenPaths(HeldBytes held) {
        this.held = held;
    }

    void hide(EntryPath path) throws IOException {
        add(entries, path);
    }

    void hideContent(EntryPath directory) throws IOException {
        add(opaque, directory);
    }

    Set<EntryPath> entries() {
        return entries;
    }

    Set<EntryPath> opaqueDirectories() {
        return opaque;
    }

    boolean isVisible(EntryPath path) {
        if (entries.isEmpty() && opaque.isEmpty()) {
            return true;
        }
        EntryPath at = path;
        while (!at.isRoot() && !visible.equals(Optional.of(at))) {
            EntryPath parent = at.parent();
            if (entries.contains(at) || opaque.contains(parent)) {
                return false;
            }
            at = parent;
        }
        visible = Optional.of(path);
        return true;
    }

    /** Gives back the memory; this is used up. */
    void release() {
        entries.forEach(path -> held.release(COST + path.length()));
        opaque.forEach(path -> held.release(COST + path.length()));
    }

    private void add(Set<EntryPath> paths, EntryPath path) throws IOException {
        if (!paths.contains(path)) {
            held.add(path, COST + path.length());
            paths.add(path);
            visible = Optional.empty();
        }
    }
}
