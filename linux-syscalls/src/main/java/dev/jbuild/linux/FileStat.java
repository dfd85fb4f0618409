package dev.jbuild.linux;

/**
 * What statx(2) tells of a file.
 *
 * @param kind the file type
 * @param mode permission bits with setuid, setgid and sticky: 0 to 07777
 * @param bornNanos time of birth in nanoseconds since 1970, which tells a file from a later one with its inode number; 0 where
 *     the file system does not keep it
 * @param device number of the file system that holds it
 * @param deviceMajor of the device that it is, else 0
 * @param deviceMinor of the device that it is, else 0
 */
public record FileStat(
        FileKind kind,
        int mode,
        long uid,
        long gid,
        long size,
        long links,
        long mtimeSeconds,
        int mtimeNanos,
        long ctimeSeconds,
        int ctimeNanos,
        long bornNanos,
        long device,
        long inode,
        int deviceMajor,
        int deviceMinor) {

    FileStat withOwner(long newUid, long newGid) {
        return new FileStat(
                kind,
                mode,
                newUid,
                newGid,
                size,
                links,
                mtimeSeconds,
                mtimeNanos,
                ctimeSeconds,
                ctimeNanos,
                bornNanos,
                device,
                inode,
                deviceMajor,
                deviceMinor);
    }

    /** What stands for overlayfs's mark where that cannot be made. */
    public FileStat asWhiteout() {
        return new FileStat(
                FileKind.CHAR_DEVICE,
                0,
                uid,
                gid,
                0,
                links,
                mtimeSeconds,
                mtimeNanos,
                ctimeSeconds,
                ctimeNanos,
                bornNanos,
                device,
                inode,
                0,
                0);
    }

    /** Overlayfs's mark of a removed entry: the character device 0:0. */
    public boolean isWhiteout() {
        return kind == FileKind.CHAR_DEVICE && deviceMajor == 0 && deviceMinor == 0;
    }
}
