package dev.jbuild.layer.tree;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.Timestamp;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Whether an entry of one tree is unchanged in another.
 *
 * <p>Overlayfs copies a file up when it is merely opened for writing or touched and set back, so what lies in an upper
 * directory need not have changed. A directory's time moves with every temporary file in it and says nothing (BuildKit's
 * differ ignores it too).
 */
final class Sameness {
    private static final int BUFFER_BYTES = 64 << 10;

    private final FileTree before;
    private final FileTree after;
    private final Origin origin;
    private final BiPredicate<EntryPath, FileStatus> untouched;
    private Optional<LinkGroups> linksBefore = Optional.empty();
    private Optional<LinkGroups> linksAfter = Optional.empty();

    /** How the later tree came to have what the earlier one has. */
    enum Origin {
        /** In any way: all of it counts. */
        ANY,
        /** It was unpacked: an old time without a fraction is any time within its second. */
        UNPACKED,
        /** Overlayfs copied it up: without the other names of a file, which it leaves below. */
        COPIED_UP,
        /**
         * It was copied whole, to stand in for an overlay: one name of a file that has several is changed there without the others,
         * so that names which such a file loses or gets do not make changes of its other ones.
         */
        COPIED,
        /** It is a step's own and has more than its layer, which it is compared with; times as {@link #UNPACKED}. */
        KEPT
    }

    Sameness(FileTree before, FileTree after, Origin origin) {
        this(before, after, origin, (path, now) -> false);
    }

    /** @param untouched knows of entries, by their status, that nothing was done to since the tree was copied */
    Sameness(FileTree before, FileTree after, Origin origin, BiPredicate<EntryPath, FileStatus> untouched) {
        this.before = before;
        this.after = after;
        this.origin = origin;
        this.untouched = untouched;
    }

    boolean holds(EntryPath path, FileStatus old, FileStatus now) throws IOException {
        return untouched.test(path, now) || (sameFile(path, old, now) && sameNames(path, old, now));
    }

    private boolean sameFile(EntryPath path, FileStatus old, FileStatus now) throws IOException {
        return old.isSameFile(now) || (sameMetadata(old, now) && sameAttributes(path) && sameSubstance(path, now));
    }

    /** Whether the file has the same names on both sides; of most that is known without looking for them. */
    private boolean sameNames(EntryPath path, FileStatus old, FileStatus now) throws IOException {
        boolean hasOne = now.links() <= 1 && (origin == Origin.COPIED_UP || old.links() <= 1);
        if (now.isDirectory() || hasOne) {
            return true;
        }
        Set<EntryPath> names = linksAfter().names(path, now);
        Set<EntryPath> namesBefore = linksBefore().names(path, old);
        return switch (origin) {
            case ANY, UNPACKED -> names.equals(stillThere(namesBefore, old));
            case COPIED_UP -> names.size() == 1 || names.equals(stillThere(namesBefore, old));
            case COPIED -> namesBefore.size() > 1 || names.equals(stillThere(namesBefore, old));
            case KEPT -> known(names).equals(stillThere(namesBefore, old));
        };
    }

    /** Of a file's later names those that the earlier tree knows of. */
    private Set<EntryPath> known(Set<EntryPath> names) throws IOException {
        Set<EntryPath> known = new HashSet<>();
        for (EntryPath name : names) {
            if (before.lstat(name).isPresent()) {
                known.add(name);
            }
        }
        return known;
    }

    /** Of a file's earlier names those that are not gone, or another file by now: that is told of them, not of the others. */
    private Set<EntryPath> stillThere(Set<EntryPath> names, FileStatus old) throws IOException {
        Set<EntryPath> there = new HashSet<>();
        for (EntryPath name : names) {
            Optional<FileStatus> now = after.lstat(name);
            if (now.isPresent() && sameMetadata(old, now.get())) {
                there.add(name);
            }
        }
        return there;
    }

    private LinkGroups linksBefore() throws IOException {
        if (linksBefore.isEmpty()) {
            linksBefore = Optional.of(LinkGroups.of(before));
        }
        return linksBefore.get();
    }

    private LinkGroups linksAfter() throws IOException {
        if (linksAfter.isEmpty()) {
            linksAfter = Optional.of(LinkGroups.of(after));
        }
        return linksAfter.get();
    }

    private boolean sameMetadata(FileStatus old, FileStatus now) {
        return old.kind() == now.kind()
                && old.mode() == now.mode()
                && old.uid() == now.uid()
                && old.gid() == now.gid()
                && old.deviceMajor() == now.deviceMajor()
                && old.deviceMinor() == now.deviceMinor()
                && (now.isDirectory() || (old.size() == now.size() && sameTime(old.mtime(), now.mtime())));
    }

    private boolean sameTime(Timestamp old, Timestamp now) {
        return old.equals(now) || (isOfLayer() && old.nanos() == 0 && old.seconds() == now.seconds());
    }

    /** Whether one of the sides has the whole seconds of a layer. */
    private boolean isOfLayer() {
        return origin == Origin.UNPACKED || origin == Origin.KEPT;
    }

    private boolean sameAttributes(EntryPath path) throws IOException {
        return before.xattrs(path).equals(after.xattrs(path));
    }

    private boolean sameSubstance(EntryPath path, FileStatus status) throws IOException {
        return switch (status.kind()) {
            case FILE -> sameContent(path);
            case SYMLINK -> before.readLink(path).equals(after.readLink(path));
            case DIRECTORY, FIFO, SOCKET, CHAR_DEVICE, BLOCK_DEVICE -> true;
        };
    }

    private boolean sameContent(EntryPath path) throws IOException {
        try (InputStream old = before.open(path);
                InputStream now = after.open(path)) {
            byte[] oldBytes = new byte[BUFFER_BYTES];
            byte[] nowBytes = new byte[BUFFER_BYTES];
            int length;
            do {
                length = old.readNBytes(oldBytes, 0, BUFFER_BYTES);
                if (length != now.readNBytes(nowBytes, 0, BUFFER_BYTES)
                        || !Arrays.equals(oldBytes, 0, length, nowBytes, 0, length)) {
                    return false;
                }
            } while (length > 0);
            return true;
        }
    }
}
