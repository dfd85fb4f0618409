package dev.jbuild.layer.tree;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.linux.FileKind;
import dev.jbuild.linux.FileStat;
import java.util.SortedMap;

/**
 * What a tree tells of an entry without reading it.
 *
 * @param mode permission bits with setuid, setgid and sticky: 0 to 07777
 * @param ctime when content or metadata last changed: with device, inode, size and mtime it tells whether a digest taken
 *     earlier still holds
 * @param device number of the file system that holds it
 * @param links how many names share its content
 * @param deviceMajor of the device that it is, else 0
 * @param deviceMinor of the device that it is, else 0
 */
public record FileStatus(
        FileKind kind,
        int mode,
        long uid,
        long gid,
        long size,
        Timestamp mtime,
        Timestamp ctime,
        long device,
        long inode,
        long links,
        int deviceMajor,
        int deviceMinor) {

    static FileStatus of(FileStat stat) {
        return new FileStatus(
                stat.kind(),
                stat.mode(),
                stat.uid(),
                stat.gid(),
                stat.size(),
                new Timestamp(stat.mtimeSeconds(), stat.mtimeNanos()),
                new Timestamp(stat.ctimeSeconds(), stat.ctimeNanos()),
                stat.device(),
                stat.inode(),
                stat.links(),
                stat.deviceMajor(),
                stat.deviceMinor());
    }

    public boolean isFile() {
        return kind == FileKind.FILE;
    }

    public boolean isDirectory() {
        return kind == FileKind.DIRECTORY;
    }

    public boolean isLink() {
        return kind == FileKind.SYMLINK;
    }

    public boolean isDevice() {
        return kind == FileKind.CHAR_DEVICE || kind == FileKind.BLOCK_DEVICE;
    }

    /** Whether both are names of one inode. */
    public boolean isSameFile(FileStatus other) {
        return device == other.device && inode == other.inode;
    }

    /**
     * As an entry of a layer; a socket, which no layer can hold, is an {@link IllegalArgumentException}.
     *
     * @param linkTarget of a symbolic link, else empty
     */
    public LayerEntry toEntry(EntryPath path, Bytes linkTarget, SortedMap<String, Bytes> xattrs) {
        LayerEntry.Type type = type(path);
        return new LayerEntry(
                path,
                type,
                mode,
                uid,
                gid,
                mtime,
                type == LayerEntry.Type.FILE ? size : 0,
                linkTarget,
                type.isDevice() ? deviceMajor : 0,
                type.isDevice() ? deviceMinor : 0,
                xattrs);
    }

    /**
     * As one more name of a file that the layer has already. Its metadata must be the file's: Docker and podman give it to the file
     * once more when they unpack the link.
     */
    public LayerEntry toHardLink(EntryPath path, EntryPath first) {
        return LayerEntry.hardLink(path, first)
                .withMode(mode)
                .withOwner(uid, gid)
                .withMtime(mtime);
    }

    private LayerEntry.Type type(EntryPath path) {
        return switch (kind) {
            case FILE -> LayerEntry.Type.FILE;
            case DIRECTORY -> LayerEntry.Type.DIRECTORY;
            case SYMLINK -> LayerEntry.Type.SYMLINK;
            case FIFO -> LayerEntry.Type.FIFO;
            case CHAR_DEVICE -> LayerEntry.Type.CHAR_DEVICE;
            case BLOCK_DEVICE -> LayerEntry.Type.BLOCK_DEVICE;
            case SOCKET -> throw new IllegalArgumentException(path + " is a socket");
        };
    }
}
