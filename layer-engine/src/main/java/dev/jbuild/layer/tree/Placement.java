package dev.jbuild.layer.tree;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.RefusedLayerException;
import java.io.IOException;
import java.nio.file.NotDirectoryException;
import java.util.Optional;

/**
 * Where the entries of a layer land over what lies below it, and what they may link to. The rules are the same for the
 * directory that a layer is written to and for the outline by which an image is validated.
 */
abstract sealed class Placement implements Nodes permits LayerTree, OutlineLayer {
    private final PathResolver resolver = new PathResolver(this);
    private Optional<EntryPath> lastParent = Optional.empty();
    private EntryPath lastResolved = EntryPath.ROOT;

    /** Whether a path leads through directories of this layer only: then there is nothing to resolve. */
    abstract boolean isOwnDirectory(EntryPath directory) throws IOException;

    /** This layer's own entry. */
    abstract Optional<FileStatus> own(EntryPath path) throws IOException;

    /** The lower tree's entry, unless this layer hides it. */
    abstract Optional<FileStatus> lowerStat(EntryPath path) throws IOException;

    /** Lets this layer hide what lies below it at a path, whether or not it has an entry of its own there. */
    abstract void hideLower(EntryPath path) throws IOException;

    /** The same of a directory's content, but not of the directory. */
    abstract void hideLowerContent(EntryPath directory) throws IOException;

    /** Makes a directory of this layer, and what is missing above it, as the lower tree has them. */
    abstract void makeDirectories(EntryPath directory) throws IOException;

    @Override
    public final Optional<FileStatus> lookup(EntryPath linkFree) throws IOException {
        Optional<FileStatus> mine = own(linkFree);
        return mine.isPresent() ? mine : lowerStat(linkFree);
    }

    /** Takes a whiteout or an opaque mark. */
    final void hide(LayerEntry marker) throws IOException {
        Optional<EntryPath> path = resolveHidden(marker.path());
        if (path.isPresent() && marker.type() == LayerEntry.Type.WHITEOUT) {
            hideLower(path.get());
        } else if (path.isPresent()) {
            hideLowerContent(path.get());
        }
    }

    /**
     * Where a path that a whiteout names lands. Nowhere when something is in its way that is no directory: then there is nothing left
     * to hide, and umoci writes such whiteouts after a file that takes the place of a directory.
     */
    private Optional<EntryPath> resolveHidden(EntryPath path) throws IOException {
        try {
            return Optional.of(landing(path, path, false));
        } catch (NotDirectoryException e) {
            return Optional.empty();
        }
    }

    /** Where an entry is to be written; its parents exist after this. */
    final EntryPath place(EntryPath path) throws IOException {
        if (path.isRoot()) {
            return path;
        }
        EntryPath parent = path.parent();
        if (!lastParent.equals(Optional.of(parent))) {
            lastResolved = isOwnDirectory(parent) ? parent : makeParents(path, resolve(path, parent, true));
            lastParent = Optional.of(parent);
        }
        return lastResolved.resolve(path.name());
    }

    /** Must be called when an entry goes: a directory may be no more where it was. */
    final void forgetPlaces() {
        lastParent = Optional.empty();
    }

    /**
     * Where the file is whose content a hard link shares.
     *
     * @param link as it is placed
     */
    final EntryPath linkTarget(LayerEntry link) throws IOException {
        EntryPath target = resolve(link.path(), link.hardLinkTarget(), false);
        require(link, !target.startsWith(link.path()), "a hard link in the place of its own target");
        FileStatus there = lookup(target)
                .orElseThrow(() -> new RefusedLayerException(
                        link.path(), "a hard link must name an entry of this image: " + target));
        require(link, !there.isDirectory(), "a hard link to the directory " + target);
        return target;
    }

    /** Where a path that an entry names lands in the merged root. */
    private EntryPath resolve(EntryPath entry, EntryPath named, boolean followLast) throws IOException {
        try {
            return landing(entry, named, followLast);
        } catch (NotDirectoryException e) {
            throw refusal(entry, e.getMessage() + " is in its way and is no directory", e);
        }
    }

    private EntryPath landing(EntryPath entry, EntryPath named, boolean followLast) throws IOException {
        try {
            return resolver.landing(named, followLast);
        } catch (LinkLoopException e) {
            throw refusal(entry, "its parents are links without end", e);
        }
    }

    private EntryPath makeParents(EntryPath path, EntryPath resolved) throws IOException {
        if (!isOwnDirectory(resolved)) {
            requireDirectory(path, resolved);
            makeDirectories(resolved);
        }
        return resolved;
    }

    private void requireDirectory(EntryPath path, EntryPath parent) throws IOException {
        Optional<FileStatus> status = lookup(parent);
        if (status.isPresent() && !status.get().isDirectory()) {
            throw new RefusedLayerException(path, parent + " is in its way and is no directory");
        }
    }

    private static void require(LayerEntry entry, boolean holds, String rule) throws RefusedLayerException {
        if (!holds) {
            throw new RefusedLayerException(entry.path(), rule);
        }
    }

    private static RefusedLayerException refusal(EntryPath path, String rule, IOException cause) {
        RefusedLayerException refusal = new RefusedLayerException(path, rule);
        refusal.initCause(cause);
        return refusal;
    }
}
