package dev.jbuild.core.build;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.Timestamp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The entries of a layer in the making, over what is known of the filesystem below it. */
final class LayerDraft {
    private final TargetRoot root;
    private final TreeMap<EntryPath, CopyItem> items = new TreeMap<>();
    private final Set<EntryPath> untouched = new HashSet<>();
    private final Set<EntryPath> shared = new HashSet<>();

    LayerDraft(TargetRoot root) {
        this.root = root;
    }

    /** What the filesystem has at a path without links in its parents, the draft's entries included. */
    Optional<LayerEntry> find(EntryPath path) throws IOException {
        CopyItem placed = items.get(path);
        return placed != null ? Optional.of(placed.entry()) : root.find(path);
    }

    boolean isDirectory(EntryPath path) throws IOException {
        return path.isRoot()
                || find(path)
                        .filter(entry -> entry.type() == LayerEntry.Type.DIRECTORY)
                        .isPresent();
    }

    /** Whether the draft itself has a directory there. */
    boolean hasDirectory(EntryPath path) {
        CopyItem placed = items.get(path);
        return placed != null && placed.entry().type() == LayerEntry.Type.DIRECTORY;
    }

    /** Whether the draft itself has something there that can have more names. */
    boolean hasFile(EntryPath path) {
        CopyItem placed = items.get(path);
        return placed != null && placed.entry().type() != LayerEntry.Type.DIRECTORY;
    }

    /** Makes a directory of which nothing is known. */
    void create(LayerEntry directory) throws IOException {
        root.beforeMaking(directory);
        items.put(directory.path(), CopyItem.empty(directory));
    }

    /** Names a directory that exists, so that the layer can hold something in it. */
    void keep(LayerEntry existing) {
        if (items.putIfAbsent(existing.path(), CopyItem.empty(existing)) == null) {
            untouched.add(existing.path());
        }
    }

    /** Gives a directory that the draft names another modification time; the root is never named. */
    void touch(EntryPath directory, Timestamp mtime) {
        CopyItem named = items.get(directory);
        if (named != null) {
            untouched.remove(directory);
            items.put(directory, CopyItem.empty(named.entry().withMtime(mtime)));
        }
    }

    /** Takes an entry in the place of what is there; the contents of a directory that stays one stay. */
    void put(CopyItem item) {
        EntryPath path = item.entry().path();
        boolean merges = item.entry().type() == LayerEntry.Type.DIRECTORY && hasDirectory(path);
        if (!merges) {
            removePlaced(path);
        }
        untouched.remove(path);
        items.put(path, item);
    }

    /**
     * Gives a file one more name. Of the names that the layer has for it the first in order carries the content, for a reader
     * must come upon that first.
     */
    void link(EntryPath path, EntryPath target, Timestamp mtime) {
        CopyItem named = items.get(target);
        EntryPath real = named != null && named.entry().type() == LayerEntry.Type.HARDLINK
                ? named.entry().hardLinkTarget()
                : target;
        if (path.equals(real)) {
            return;
        }
        put(CopyItem.empty(LayerEntry.hardLink(path, real).withMtime(mtime)));
        shared.add(real);
        if (items.containsKey(real) && path.compareTo(real) < 0) {
            moveContent(real, path);
        }
    }

    /** Gives a file the metadata that an archive has for another of its names: all names share them. */
    void describe(EntryPath name, LayerEntry like) {
        CopyItem named = placed(name);
        EntryPath carrier =
                named.entry().type() == LayerEntry.Type.HARDLINK ? named.entry().hardLinkTarget() : name;
        CopyItem file = placed(carrier);
        boolean hasMode = file.entry().type() != LayerEntry.Type.SYMLINK;
        LayerEntry described = file.entry()
                .withOwner(like.uid(), like.gid())
                .withMode(hasMode ? like.mode() : file.entry().mode())
                .withMtime(like.mtime());
        items.put(carrier, new CopyItem(described, file.content()));
    }

    /** What was placed; a directory that existed is named only for what was placed in it. */
    CopyLayer layer() {
        TreeMap<EntryPath, CopyItem> kept = new TreeMap<>();
        for (Map.Entry<EntryPath, CopyItem> item : items.descendingMap().entrySet()) {
            EntryPath path = item.getKey();
            boolean holdsMore = !kept.isEmpty() && kept.firstKey().startsWith(path);
            if (!untouched.contains(path) || holdsMore) {
                kept.put(path, described(item.getValue()));
            }
        }
        return new CopyLayer(kept);
    }

    /** A link says what its file is: Docker and podman give that to the file once more when they unpack the link. */
    private CopyItem described(CopyItem item) {
        LayerEntry link = item.entry();
        CopyItem file = link.type() == LayerEntry.Type.HARDLINK ? items.get(link.hardLinkTarget()) : null;
        if (file == null) {
            return item;
        }
        LayerEntry like = file.entry();
        return CopyItem.empty(
                link.withMode(like.mode()).withOwner(like.uid(), like.gid()).withMtime(like.mtime()));
    }

    private CopyItem placed(EntryPath path) {
        CopyItem item = items.get(path);
        if (item == null) {
            throw new IllegalStateException("/" + path + " is not in the layer");
        }
        return item;
    }

    private void removePlaced(EntryPath path) {
        List<EntryPath> gone = new ArrayList<>();
        for (EntryPath at = items.ceilingKey(path); at != null && at.startsWith(path); at = items.higherKey(at)) {
            gone.add(at);
        }
        for (EntryPath each : gone) {
            nextName(each).ifPresent(name -> moveContent(each, name));
            items.remove(each);
            untouched.remove(each);
        }
    }

    private Optional<EntryPath> nextName(EntryPath target) {
        if (!shared.contains(target)) {
            return Optional.empty();
        }
        return items.entrySet().stream()
                .filter(item -> isLinkTo(item.getValue().entry(), target))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Lets another name of a file carry its content; all other names follow. */
    private void moveContent(EntryPath from, EntryPath to) {
        CopyItem file = items.get(from);
        if (file == null) {
            return;
        }
        items.put(to, new CopyItem(file.entry().withPath(to), file.content()));
        items.put(from, CopyItem.empty(LayerEntry.hardLink(from, to)));
        items.replaceAll((path, item) -> isLinkTo(item.entry(), from)
                ? CopyItem.empty(
                        LayerEntry.hardLink(path, to).withMtime(item.entry().mtime()))
                : item);
        shared.add(to);
    }

    private static boolean isLinkTo(LayerEntry entry, EntryPath target) {
        return entry.type() == LayerEntry.Type.HARDLINK
                && entry.hardLinkTarget().equals(target);
    }
}
