package dev.jbuild.layer;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One change that a layer makes to the tree below it.
 *
 * @param path where; the root is a {@link Type#DIRECTORY} or {@link Type#OPAQUE}. A {@link Type#WHITEOUT} names the entry
 *     that it removes, an {@link Type#OPAQUE} the directory whose lower content it hides: the marker names of the tar
 *     form ({@code .wh.x}, {@code .wh..wh..opq}) do not appear here
 * @param mode permission bits with setuid, setgid and sticky: 0 to 07777
 * @param uid 0 to 2^32-2
 * @param gid 0 to 2^32-2
 * @param size bytes of content of a {@link Type#FILE}, else 0
 * @param linkTarget a {@link Type#SYMLINK}'s text as it is, or the {@link EntryPath} form of the entry a
 *     {@link Type#HARDLINK} shares; else empty
 * @param devMajor of a device, else 0
 * @param devMinor of a device, else 0
 * @param xattrs extended attributes by full name, as {@code security.capability}
 */
public record LayerEntry(
        EntryPath path,
        Type type,
        int mode,
        long uid,
        long gid,
        Timestamp mtime,
        long size,
        Bytes linkTarget,
        int devMajor,
        int devMinor,
        SortedMap<String, Bytes> xattrs) {

    /** The largest id: 2^32-1 is chown's "leave it" (chown(2)), which containerd and others took for 0 (CVE-2024-40635). */
    public static final long MAX_ID = 0xFFFF_FFFEL;

    /** What an entry does to its path. */
    public enum Type {
        FILE,
        DIRECTORY,
        SYMLINK,
        HARDLINK,
        FIFO,
        CHAR_DEVICE,
        BLOCK_DEVICE,
        /** The lower layers' entry of this path is gone. */
        WHITEOUT,
        /** The lower layers' content of this directory is gone. */
        OPAQUE;

        public boolean isDevice() {
            return this == CHAR_DEVICE || this == BLOCK_DEVICE;
        }

        /** Whether this marks something as absent and is nothing itself. */
        public boolean isMarker() {
            return this == WHITEOUT || this == OPAQUE;
        }
    }

    public LayerEntry {
        xattrs = xattrs.isEmpty()
                ? Collections.emptySortedMap()
                : Collections.unmodifiableSortedMap(new TreeMap<>(xattrs));
        require((mode & ~07777) == 0, "mode out of range");
        require(uid >= 0 && uid <= MAX_ID && gid >= 0 && gid <= MAX_ID, "id out of range");
        require(size == 0 || (size > 0 && type == Type.FILE), "size out of place");
        boolean isLink = type == Type.SYMLINK || type == Type.HARDLINK;
        require(linkTarget.isEmpty() != isLink, "link target missing or out of place");
        require(type != Type.HARDLINK || isPath(linkTarget), "a hard link's target is no path of the image");
        require((devMajor == 0 && devMinor == 0) || type.isDevice(), "device number out of place");
        require(!path.isRoot() || type == Type.DIRECTORY || type == Type.OPAQUE, "the root must be a directory");
    }

    /** A root-owned entry of 1970 without content, to start from. */
    public static LayerEntry of(EntryPath path, Type type, int mode) {
        return new LayerEntry(
                path, type, mode, 0, 0, Timestamp.EPOCH, 0, Bytes.EMPTY, 0, 0, Collections.emptySortedMap());
    }

    public static LayerEntry file(EntryPath path, int mode, long size) {
        return new LayerEntry(
                path, Type.FILE, mode, 0, 0, Timestamp.EPOCH, size, Bytes.EMPTY, 0, 0, Collections.emptySortedMap());
    }

    public static LayerEntry directory(EntryPath path, int mode) {
        return of(path, Type.DIRECTORY, mode);
    }

    public static LayerEntry symlink(EntryPath path, Bytes target) {
        return link(path, Type.SYMLINK, target);
    }

    public static LayerEntry hardLink(EntryPath path, EntryPath target) {
        return link(path, Type.HARDLINK, Bytes.of(target.toArray()));
    }

    public static LayerEntry device(EntryPath path, Type type, int mode, int major, int minor) {
        return new LayerEntry(
                path, type, mode, 0, 0, Timestamp.EPOCH, 0, Bytes.EMPTY, major, minor, Collections.emptySortedMap());
    }

    public static LayerEntry whiteout(EntryPath path) {
        return of(path, Type.WHITEOUT, 0);
    }

    public static LayerEntry opaque(EntryPath directory) {
        return of(directory, Type.OPAQUE, 0);
    }

    public LayerEntry withPath(EntryPath newPath) {
        return new LayerEntry(newPath, type, mode, uid, gid, mtime, size, linkTarget, devMajor, devMinor, xattrs);
    }

    public LayerEntry withMode(int newMode) {
        return new LayerEntry(path, type, newMode, uid, gid, mtime, size, linkTarget, devMajor, devMinor, xattrs);
    }

    public LayerEntry withOwner(long newUid, long newGid) {
        return new LayerEntry(path, type, mode, newUid, newGid, mtime, size, linkTarget, devMajor, devMinor, xattrs);
    }

    public LayerEntry withMtime(Timestamp newMtime) {
        return new LayerEntry(path, type, mode, uid, gid, newMtime, size, linkTarget, devMajor, devMinor, xattrs);
    }

    public LayerEntry withXattrs(SortedMap<String, Bytes> newXattrs) {
        return new LayerEntry(path, type, mode, uid, gid, mtime, size, linkTarget, devMajor, devMinor, newXattrs);
    }

    /** A hard link's target as the path it is. */
    public EntryPath hardLinkTarget() {
        require(type == Type.HARDLINK, "not a hard link");
        return EntryPath.of(linkTarget.toArray());
    }

    private static LayerEntry link(EntryPath path, Type type, Bytes target) {
        return new LayerEntry(path, type, 0777, 0, 0, Timestamp.EPOCH, 0, target, 0, 0, Collections.emptySortedMap());
    }

    private static boolean isPath(Bytes target) {
        byte[] bytes = target.toArray();
        return EntryPath.cleaned(bytes).length() == bytes.length;
    }

    private static void require(boolean holds, String broken) {
        if (!holds) {
            throw new IllegalArgumentException(broken);
        }
    }
}
