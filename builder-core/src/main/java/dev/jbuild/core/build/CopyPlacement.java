package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.plan.Chmod;
import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.layer.tree.FileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides where copied files go and what a copy's layer says: BuildKit's rules for destinations that exist, are links, are
 * directories, or are missing. A directory that gets something new has the time of the build afterwards, as a file system
 * would give it the clock's.
 */
final class CopyPlacement {
    private static final int DIRECTORY_MODE = 0755;
    private static final Chmod PLAIN = new Chmod.Exact(DIRECTORY_MODE);

    private final TargetRoot root;
    private final Optional<Owner> owner;
    private final Optional<Chmod> chmod;
    private final Timestamp createdTime;
    private final LayerDraft draft;
    private final LinkResolver links;

    /**
     * @param owner of everything that is copied or created; empty keeps the owners of the sources
     * @param chmod what becomes of the modes of everything that is copied; an exact one also holds for created directories
     * @param createdTime of directories that no source stands for, and of those that get something new
     */
    CopyPlacement(TargetRoot root, Optional<Owner> owner, Optional<Chmod> chmod, Timestamp createdTime) {
        this.root = root;
        this.owner = owner;
        this.chmod = chmod;
        this.createdTime = createdTime;
        this.draft = new LayerDraft(root);
        this.links = new LinkResolver(draft::find);
    }

    /** What was placed so far; a directory that existed is named only for what was placed in it. */
    CopyLayer layer() {
        return draft.layer();
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
            if (match.mtime().isPresent() || !match.files().isEmpty()) {
                draft.touch(target, match.mtime().orElse(createdTime));
            }
            return;
        }
        EntryPath path = landing(target, match.name(), destination);
        makeDirectories(path.parent());
        SourceFile file = match.files().getFirst();
        put(TreeEntries.item(tree, file.path(), file.status(), path));
        draft.touch(path.parent(), createdTime);
    }

    /**
     * Unpacks an archive into a directory, which is made like any other destination.
     *
     * @param given the owner that the instruction names, for all members; empty keeps those of the archive
     */
    void unpack(List<CopyItem> members, Optional<Owner> given, String destination) throws IOException, BuildException {
        EntryPath target = links.resolve(EntryPath.cleaned(destination.getBytes(StandardCharsets.UTF_8)));
        makeDirectories(target, DIRECTORY_MODE);
        new ArchivePlacement(draft, target, given, createdTime).place(members);
        draft.touch(target, createdTime);
    }

    /** Places a file whose content is at hand. */
    void place(String name, byte[] content, String destination) throws IOException, BuildException {
        EntryPath target = links.resolve(EntryPath.cleaned(destination.getBytes(StandardCharsets.UTF_8)));
        EntryPath path = landing(target, Bytes.of(name), destination);
        makeDirectories(path.parent());
        put(CopyItem.of(LayerEntry.file(path, 0644, content.length).withMtime(createdTime), content));
        draft.touch(path.parent(), createdTime);
    }

    /** Where a file lands: in the destination if that is a directory or is said to be one, else under its name. */
    private EntryPath landing(EntryPath target, Bytes name, String destination) throws IOException {
        if (destination.endsWith("/") || draft.isDirectory(target)) {
            return target.resolve(name);
        }
        if (draft.find(target).isEmpty()) {
            root.beforeNaming(target, name);
        }
        return target;
    }

    /** Makes a directory and its missing parents, as WORKDIR and a copy's destination want. */
    void makeDirectories(EntryPath directory) throws IOException, BuildException {
        // As Docker's BuildKit has it: mkdir(2) takes an octal --chmod for missing parents, less its setuid bits and
        // umask 022.
        int mode = chmod.orElse(PLAIN) instanceof Chmod.Exact(int bits) ? bits & 0755 : DIRECTORY_MODE;
        makeDirectories(directory, mode);
    }

    private void makeDirectories(EntryPath directory, int mode) throws IOException, BuildException {
        if (directory.isRoot() || draft.hasDirectory(directory)) {
            return;
        }
        EntryPath path = EntryPath.ROOT;
        for (Bytes name : links.resolve(directory).components()) {
            path = path.resolve(name);
            if (!draft.hasDirectory(path)) {
                makeDirectory(path, mode);
            }
        }
    }

    private void makeDirectory(EntryPath real, int mode) throws IOException, BuildException {
        Optional<LayerEntry> existing = draft.find(real);
        if (existing.isPresent() && existing.get().type() != LayerEntry.Type.DIRECTORY) {
            throw new BuildException(
                    Kind.BUILD,
                    "/" + real + " is not a directory in the image, and cannot become one here: name another path, or"
                            + " remove it in a RUN before");
        }
        if (existing.isPresent()) {
            draft.keep(existing.get());
        } else {
            draft.create(created(real, mode));
            draft.touch(real.parent(), createdTime);
        }
    }

    private void placeContents(SourceMatch match, FileTree tree, EntryPath target) throws IOException, BuildException {
        Map<SourceFile.Identity, EntryPath> linked = new HashMap<>();
        for (SourceFile file : match.files()) {
            EntryPath path = target.resolve(file.below());
            if (file.implied() && draft.isDirectory(path)) {
                putImplied(path, file.status().mode());
                continue;
            }
            EntryPath first = file.isShared() ? linked.putIfAbsent(file.identity(), path) : null;
            if (first != null) {
                requireReplaceable(path, false);
                draft.link(path, first, file.status().mtime());
            } else {
                put(TreeEntries.item(tree, file.path(), file.status(), path));
            }
        }
    }

    private void put(CopyItem item) throws IOException, BuildException {
        requireReplaceable(item.entry().path(), item.entry().type() == LayerEntry.Type.DIRECTORY);
        // What is copied replaces what is there, a directory's owner and mode included; its contents stay.
        draft.put(new CopyItem(owned(item.entry()), item.content()));
    }

    private void requireReplaceable(EntryPath path, boolean byDirectory) throws IOException, BuildException {
        Optional<LayerEntry> existing = draft.find(path);
        boolean overDirectory = existing.isPresent() && existing.get().type() == LayerEntry.Type.DIRECTORY;
        if (existing.isPresent() && byDirectory != overDirectory) {
            throw new BuildException(
                    Kind.BUILD,
                    byDirectory
                            ? "cannot copy a directory over /" + path + ", which is not one in the image"
                            : "cannot copy a file over /" + path + ", which is a directory in the image");
        }
    }

    /** A directory that is there only for what is copied into it: of an existing one BuildKit replaces the mode alone. */
    private void putImplied(EntryPath path, int mode) throws IOException {
        draft.put(CopyItem.empty(draft.find(path).orElseThrow().withMode(mode)));
    }

    private LayerEntry owned(LayerEntry entry) {
        LayerEntry owned = owner.map(o -> entry.withOwner(o.uid(), o.gid())).orElse(entry);
        boolean hasMode = entry.type() != LayerEntry.Type.SYMLINK && entry.type() != LayerEntry.Type.HARDLINK;
        boolean directory = entry.type() == LayerEntry.Type.DIRECTORY;
        return chmod.isPresent() && hasMode ? owned.withMode(chmod.get().applyTo(entry.mode(), directory)) : owned;
    }

    private LayerEntry created(EntryPath directory, int mode) {
        Owner creator = owner.orElse(Owner.ROOT);
        return LayerEntry.directory(directory, mode)
                .withOwner(creator.uid(), creator.gid())
                .withMtime(createdTime);
    }
}
