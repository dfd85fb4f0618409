package dev.jbuild.layer.tree;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.linux.FileKind;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** One layer over the outline of those below it: what {@link LayerTree} and {@link EntryWriter} do, with names alone. */
final class OutlineLayer extends Placement {
    /** Of every file system (limits.h). */
    private static final int NAME_MAX = 255;

    /** symlink(2): a page with the NUL at its end. */
    private static final int LINK_MAX = 4095;

    /** Bytes of heap for a path in a hash set, beside its own. */
    private static final long PATH_COST = 112;

    private final HeldBytes held;
    private final NameTree lower;
    private final NameTree own;
    private final HiddenPaths hidden;
    private final ImageOutline.Remarks remarks;

    /** Entries that lie elsewhere than their names say, because a parent is a link. */
    private final Set<EntryPath> describedThroughLinks = new HashSet<>();

    OutlineLayer(HeldBytes held, NameTree lower, ImageOutline.Remarks remarks) {
        this.held = held;
        this.lower = lower;
        this.own = new NameTree(held);
        this.hidden = new HiddenPaths(held);
        this.remarks = remarks;
    }

    void put(LayerEntry entry) throws IOException {
        requireNames(entry, entry.path());
        switch (entry.type()) {
            case WHITEOUT, OPAQUE -> hide(entry);
            case DIRECTORY -> describe(entry, FileKind.DIRECTORY);
            case FILE -> describe(entry, FileKind.FILE);
            case SYMLINK -> describe(entry, FileKind.SYMLINK);
            case FIFO -> describe(entry, FileKind.FIFO);
            case CHAR_DEVICE -> describe(entry, FileKind.CHAR_DEVICE);
            case BLOCK_DEVICE -> describe(entry, FileKind.BLOCK_DEVICE);
            case HARDLINK -> describeHardLink(entry);
        }
    }

    /** Makes the tree below what the two show together; this layer is used up. */
    void finish() {
        hidden.entries().forEach(lower::remove);
        hidden.opaqueDirectories().forEach(lower::empty);
        lower.merge(own);
        hidden.release();
        describedThroughLinks.forEach(path -> held.release(PATH_COST + path.length()));
    }

    @Override
    void hideLower(EntryPath path) throws IOException {
        hidden.hide(path);
    }

    @Override
    void hideLowerContent(EntryPath directory) throws IOException {
        hidden.hideContent(directory);
    }

    private void describe(LayerEntry entry, FileKind kind) throws IOException {
        require(entry, entry.linkTarget().length() <= LINK_MAX, "its link's target", LINK_MAX);
        EntryPath place = place(entry.path());
        remark(entry.path(), place);
        replace(place, kind, entry.linkTarget());
        mark(entry.path(), place);
    }

    private void describeHardLink(LayerEntry entry) throws IOException {
        requireNames(entry, entry.hardLinkTarget());
        EntryPath place = place(entry.path());
        remark(entry.path(), place);
        EntryPath target = linkTarget(entry.withPath(place));
        NameTree.Node shared = bringUp(target);
        replace(place, shared.kind(), shared.linkTarget());
        mark(entry.path(), place);
    }

    private NameTree.Node bringUp(EntryPath target) throws IOException {
        Optional<NameTree.Node> mine = own.find(target);
        if (mine.isPresent()) {
            return mine.get();
        }
        NameTree.Node below = lower.find(target).orElseThrow();
        own.makeDirectories(target.parent());
        return own.add(target, below.kind(), below.linkTarget());
    }

    private void replace(EntryPath place, FileKind kind, Bytes linkTarget) throws IOException {
        Optional<NameTree.Node> before = own.find(place);
        if (before.isPresent()) {
            if (kind == FileKind.DIRECTORY && before.get().isDirectory()) {
                return;
            }
            forgetPlaces();
            own.remove(place);
            hidden.hide(place);
        }
        own.add(place, kind, linkTarget);
    }

    private void remark(EntryPath path, EntryPath place) {
        Optional<NameTree.Node> before = path.equals(place) ? own.find(place) : Optional.empty();
        boolean isThere = before.map(node -> node.isDescribed).orElse(describedThroughLinks.contains(path));
        if (isThere) {
            remarks.tell(path, "comes twice");
        }
        // The root is there before any layer; mmdebstrap's tars have it after /dev.
        if (!path.isRoot() && before.map(node -> node.holdsSomething).orElse(false) && !isThere) {
            remarks.tell(path, "comes after what it holds");
        }
    }

    private void mark(EntryPath path, EntryPath place) throws IOException {
        if (path.equals(place)) {
            own.find(place).orElseThrow().isDescribed = true;
            own.markParents(place);
        } else if (!describedThroughLinks.contains(path)) {
            held.add(path, PATH_COST + path.length());
            describedThroughLinks.add(path);
        }
    }

    @Override
    boolean isOwnDirectory(EntryPath directory) {
        return own.find(directory).filter(NameTree.Node::isDirectory).isPresent();
    }

    @Override
    Optional<FileStatus> own(EntryPath path) {
        return own.find(path).map(NameTree.Node::status);
    }

    @Override
    Optional<FileStatus> lowerStat(EntryPath path) {
        return hidden.isVisible(path) && !own.bars(path)
                ? lower.find(path).map(NameTree.Node::status)
                : Optional.empty();
    }

    @Override
    void makeDirectories(EntryPath directory) throws IOException {
        own.makeDirectories(directory);
    }

    @Override
    public Bytes linkTarget(EntryPath linkFree) {
        return own.find(linkFree)
                .or(() -> lower.find(linkFree))
                .map(NameTree.Node::linkTarget)
                .orElseThrow();
    }

    private static void requireNames(LayerEntry entry, EntryPath path) throws RefusedLayerException {
        for (Bytes name : path.components()) {
            require(entry, name.length() <= NAME_MAX, "a name in its path", NAME_MAX);
        }
    }

    private static void require(LayerEntry entry, boolean holds, String what, int limit) throws RefusedLayerException {
        if (!holds) {
            throw new RefusedLayerException(
                    entry.path(), what + " is longer than file systems take, " + limit + " bytes");
        }
    }
}
