package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.layer.tree.FileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * Decides where copied files go and what a copy's layer says: BuildKit's rules for destinations that exist, are links, are
 * directories, or are missing.
 */
final class CopyPlacement {
    private static final int DIRECTORY_MODE = 0755;

    private final TargetRoot root;
    private final Optional<Owner> owner;
    private final OptionalInt mode;
    private final Timestamp createdTime;
    private final TreeMap<EntryPath, CopyItem> items = new TreeMap<>();
    private final Set<EntryPath> untouched = new HashSet<>();
    private final LinkResolver links;

    /**
     * @param owner of everything that is copied or created; empty keeps the owners of the sources
     * @param mode permission bits of everything that is copied or created, instead of the source's
     * @param createdTime of directories that no source stands for
     */
    CopyPlacement(TargetRoot root, Optional<Owner> owner, OptionalInt mode, Timestamp createdTime) {
        this.root = root;
        this.owner = owner;
        this.mode = mode;
        this.createdTime = createdTime;
        this.links = new LinkResolver(this::find);
    }

    /** What was placed so far; a directory that existed is named only for what was placed in it. */
    CopyLayer layer() {
        TreeMap<EntryPath, CopyItem> kept = new TreeMap<>();
        for (Map.Entry<EntryPath, CopyItem> item : items.descendingMap().entrySet()) {
            EntryPath path = item.getKey();
            boolean holdsMore = !kept.isEmpty() && kept.firstKey().startsWith(path);
            if (!untouched.contains(path) || holdsMore) {
                kept.put(path, item.getValue());
            }
        }
        return new CopyLayer(kept);
    }

    /**
     * Places one source.
     *
     * @param destination absolute; a trailing slash says that it is a directory
     */
    void place(SourceMatch match, FileTree tree, String destination) throws IOException, BuildException {
        EntryPath target = links.resolve(EntryPath.cleaned(destination.getBytes(StandardCharsets.UTF_8)));
        if (match.directory()) {
            makeDirectories(target);
            placeContents(match, tree, target);
            return;
        }
        EntryPath path = landing(target, match.name(), destination);
        makeDirectories(path.parent());
        SourceFile file = match.files().getFirst();
        put(TreeEntries.item(tree, file.path(), file.status(), path));
    }

    /** Places a file whose content is at hand. */
    void place(String name, byte[] content, String destination) throws IOException, BuildException {
        EntryPath target = links.resolve(EntryPath.cleaned(destination.getBytes(StandardCharsets.UTF_8)));
        EntryPath path = landing(target, Bytes.of(name), destination);
        makeDirectories(path.parent());
        put(CopyItem.of(LayerEntry.file(path, 0644, content.length).withMtime(createdTime), content));
    }

    /** Where a file lands: in the destination if that is a directory or is said to be one, else under its name. */
    private EntryPath landing(EntryPath target, Bytes name, String destination) throws IOException {
        if (destination.endsWith("/") || isDirectory(target)) {
            return target.resolve(name);
        }
        if (find(target).isEmpty()) {
            root.beforeNaming(target, name);
        }
        return target;
    }

    /** Makes a directory and its missing parents, as WORKDIR and a copy's destination want. */
    void makeDirectories(EntryPath directory) throws IOException, BuildException {
        if (directory.isRoot() || (items.containsKey(directory) && isDirectory(directory))) {
            return;
        }
        EntryPath real = links.resolve(directory);
        makeDirectories(real.parent());
        Optional<LayerEntry> existing = find(real);
        if (existing.isPresent() && existing.get().type() != LayerEntry.Type.DIRECTORY) {
            throw new BuildException(
                    Kind.BUILD, "/" + real + " is not a directory in the image, so nothing can be copied into it");
        }
        if (existing.isPresent()) {
            keep(real, existing.get());
        } else {
            LayerEntry made = created(real);
            root.beforeMaking(made);
            items.put(real, CopyItem.empty(made));
        }
    }

    private void placeContents(SourceMatch match, FileTree tree, EntryPath target) throws IOException, BuildException {
        Map<SourceFile.Identity, EntryPath> linked = new HashMap<>();
        for (SourceFile file : match.files()) {
            EntryPath path = target.resolve(file.below());
            EntryPath first = file.isShared() ? linked.putIfAbsent(file.identity(), path) : null;
            if (first != null) {
                put(CopyItem.empty(
                        LayerEntry.hardLink(path, first).withMtime(file.status().mtime())));
            } else {
                put(TreeEntries.item(tree, file.path(), file.status(), path));
            }
        }
    }

    private void put(CopyItem item) throws IOException, BuildException {
        EntryPath path = item.entry().path();
        Optional<LayerEntry> existing = find(path);
        boolean overDirectory = existing.isPresent() && existing.get().type() == LayerEntry.Type.DIRECTORY;
        boolean isDirectory = item.entry().type() == LayerEntry.Type.DIRECTORY;
        if (existing.isPresent() && isDirectory != overDirectory) {
            throw new BuildException(
                    Kind.BUILD,
                    isDirectory
                            ? "cannot copy a directory over /" + path + ", which is not one in the image"
                            : "cannot copy a file over /" + path + ", which is a directory in the image");
        }
        // What is copied replaces what is there, a directory's owner and mode included; its contents stay.
        untouched.remove(path);
        items.put(path, new CopyItem(owned(item.entry()), item.content()));
    }

    private void keep(EntryPath directory, LayerEntry existing) {
        if (items.putIfAbsent(directory, CopyItem.empty(existing)) == null) {
            untouched.add(directory);
        }
    }

    private LayerEntry owned(LayerEntry entry) {
        LayerEntry owned = owner.map(o -> entry.withOwner(o.uid(), o.gid())).orElse(entry);
        boolean hasMode = entry.type() != LayerEntry.Type.SYMLINK && entry.type() != LayerEntry.Type.HARDLINK;
        return mode.isPresent() && hasMode ? owned.withMode(mode.getAsInt()) : owned;
    }

    private LayerEntry created(EntryPath directory) {
        Owner creator = owner.orElse(Owner.ROOT);
        // As Docker's BuildKit has it: mkdir(2) takes --chmod for missing parents, and passes over its setuid bits.
        return LayerEntry.directory(directory, mode.orElse(DIRECTORY_MODE) & 0777)
                .withOwner(creator.uid(), creator.gid())
                .withMtime(createdTime);
    }

    private boolean isDirectory(EntryPath path) throws IOException {
        return path.isRoot()
                || find(path)
                        .filter(entry -> entry.type() == LayerEntry.Type.DIRECTORY)
                        .isPresent();
    }

    private Optional<LayerEntry> find(EntryPath path) throws IOException {
        CopyItem placed = items.get(path);
        return placed != null ? Optional.of(placed.entry()) : root.find(path);
    }
}
