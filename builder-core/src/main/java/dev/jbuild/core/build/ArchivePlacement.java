package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.Timestamp;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Where ADD puts the members of an archive. Docker unpacks with the destination as the root, so links that members pass
 * through, absolute ones too, lead nowhere else; whatever is in a member's place is replaced, but for directories by
 * directories.
 */
final class ArchivePlacement {
    private static final int IMPLIED_MODE = 0755;

    private final LayerDraft draft;
    private final EntryPath target;
    private final Optional<Owner> owner;
    private final Timestamp createdTime;
    private final LinkResolver links;

    /**
     * @param target a directory, all links resolved
     * @param owner of all members; empty keeps theirs
     * @param createdTime of directories that have members but are none
     */
    ArchivePlacement(LayerDraft draft, EntryPath target, Optional<Owner> owner, Timestamp createdTime) {
        this.draft = draft;
        this.target = target;
        this.owner = owner;
        this.createdTime = createdTime;
        this.links = new LinkResolver(path -> draft.find(target.resolve(path)));
    }

    /** @param members in the order of the archive, for a later one replaces an earlier one */
    void place(List<CopyItem> members) throws IOException, BuildException {
        for (CopyItem member : members) {
            // The archive's own root says nothing of the destination, which exists by now.
            if (!member.entry().path().isRoot()) {
                place(member);
            }
        }
    }

    private void place(CopyItem member) throws IOException, BuildException {
        LayerEntry entry = member.entry();
        EntryPath path = located(entry.path());
        switch (entry.type()) {
            case HARDLINK -> link(entry, path);
            case WHITEOUT, OPAQUE ->
                throw new BuildException(
                        Kind.BUILD,
                        "the archive's member for " + entry.path() + " has a name that layers use to remove");
            case FILE, DIRECTORY, SYMLINK, FIFO, CHAR_DEVICE, BLOCK_DEVICE ->
                draft.put(new CopyItem(owned(withLinkMode(entry.withPath(path))), member.content()));
        }
    }

    private void link(LayerEntry entry, EntryPath path) throws IOException, BuildException {
        EntryPath named = target.resolve(linkFree(entry.hardLinkTarget()));
        // A name of a file of the image would change that file too (CVE-2026-50163 and its kin).
        if (!draft.hasFile(named)) {
            throw new BuildException(
                    Kind.BUILD,
                    "the archive's " + entry.path() + " is a hard link to " + entry.hardLinkTarget()
                            + ", which is no file of the archive before it");
        }
        draft.link(path, named, entry.mtime());
        draft.describe(path, owned(entry));
    }

    /** Where a member lies in the filesystem; its missing parents are made. */
    private EntryPath located(EntryPath member) throws IOException, BuildException {
        EntryPath path = linkFree(member);
        makeParents(path.parent(), member);
        return target.resolve(path);
    }

    /** Links among the parents are followed; the member itself replaces a link. */
    private EntryPath linkFree(EntryPath member) throws IOException {
        return links.resolve(member.parent()).resolve(member.name());
    }

    private void makeParents(EntryPath directory, EntryPath member) throws IOException, BuildException {
        if (directory.isRoot() || draft.hasDirectory(target.resolve(directory))) {
            return;
        }
        EntryPath path = target;
        for (Bytes name : directory.components()) {
            path = path.resolve(name);
            if (!draft.hasDirectory(path)) {
                makeParent(path, member);
            }
        }
    }

    private void makeParent(EntryPath path, EntryPath member) throws IOException, BuildException {
        Optional<LayerEntry> existing = draft.find(path);
        if (existing.isEmpty()) {
            draft.create(LayerEntry.directory(path, IMPLIED_MODE).withMtime(createdTime));
        } else if (existing.get().type() == LayerEntry.Type.DIRECTORY) {
            draft.keep(existing.get());
        } else {
            throw new BuildException(
                    Kind.BUILD, "the archive's " + member + " cannot be unpacked: /" + path + " is not a directory");
        }
    }

    /** Whatever an archive says, Linux has one mode for all links (symlink(7)). */
    private static LayerEntry withLinkMode(LayerEntry entry) {
        return entry.type() == LayerEntry.Type.SYMLINK ? entry.withMode(0777) : entry;
    }

    private LayerEntry owned(LayerEntry entry) {
        return owner.map(o -> entry.withOwner(o.uid(), o.gid())).orElse(entry);
    }
}
