package dev.jbuild.layer.tree;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.linux.FileKind;
import dev.jbuild.linux.FileStat;
import dev.jbuild.linux.Linux;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What a layer removes, put in place once all its own entries are known.
 *
 * <p>Nothing is marked that hides nothing: overlayfs shows a whiteout that lies in a directory which merges with no other.
 */
final class Markers {
    private static final byte[] NO_NAME = {};

    private final Linux linux;
    private final LayerTree tree;

    Markers(Linux linux, LayerTree tree) {
        this.linux = linux;
        this.tree = tree;
    }

    void apply() throws IOException {
        Optional<StackedTree> lower = tree.lower();
        if (lower.isPresent()) {
            expandOpaqueRoot(lower.get());
            for (EntryPath path : sorted(tree.hiddenEntries())) {
                hide(lower.get(), path);
            }
            for (EntryPath directory : sorted(tree.opaqueDirectories())) {
                hideContent(lower.get(), directory);
            }
        }
    }

    /** Overlayfs does not ask whether a layer's root is opaque, so each entry that it hides is hidden itself. */
    private void expandOpaqueRoot(StackedTree lower) throws IOException {
        if (tree.opaqueDirectories().remove(EntryPath.ROOT)) {
            for (FileTree.Child child : lower.list(EntryPath.ROOT)) {
                tree.hideLower(EntryPath.ROOT.resolve(child.name()));
            }
        }
    }

    private void hide(StackedTree lower, EntryPath path) throws IOException {
        if (!hidesSomething(lower, path)) {
            return;
        }
        Optional<FileStat> own = tree.ownStat(path);
        if (own.isEmpty()) {
            tree.makeDirectories(path.parent());
            WhiteoutMarks.make(linux, tree.directory(path.parent()), path.name().toArray());
        } else if (own.get().kind() == FileKind.DIRECTORY) {
            markOpaque(path);
        }
    }

    private void hideContent(StackedTree lower, EntryPath directory) throws IOException {
        boolean merges = lower.lookup(directory).map(FileStatus::isDirectory).orElse(false);
        Optional<FileStat> own = tree.ownStat(directory);
        boolean isCovered = own.isPresent() && own.get().kind() != FileKind.DIRECTORY;
        if (merges && !isCovered && hidesSomething(lower, directory)) {
            tree.makeDirectories(directory);
            markOpaque(directory);
        }
    }

    /** Whether the lower entry would be seen if it were not hidden here: its parent is not hidden and merges. */
    private boolean hidesSomething(StackedTree lower, EntryPath path) throws IOException {
        boolean isBelow = lower.lookup(path).isPresent();
        EntryPath parent = path.parent();
        boolean parentMerges = parent.isRoot()
                || (tree.lowerStat(parent).isPresent()
                        && !tree.opaqueDirectories().contains(parent));
        return isBelow && parentMerges && ownParentAllows(parent);
    }

    /** A parent that this layer made something else than a directory leaves no place for what was below it. */
    private boolean ownParentAllows(EntryPath parent) throws IOException {
        Optional<FileStat> own = tree.ownStat(parent);
        return own.isEmpty() || own.get().kind() == FileKind.DIRECTORY;
    }

    private void markOpaque(EntryPath directory) throws IOException {
        linux.setXattrAt(tree.directory(directory), NO_NAME, Xattrs.OPAQUE, Xattrs.OPAQUE_VALUE.toArray());
    }

    private static List<EntryPath> sorted(Iterable<EntryPath> paths) {
        List<EntryPath> sorted = new ArrayList<>();
        paths.forEach(sorted::add);
        Collections.sort(sorted);
        return sorted;
    }
}
