package dev.jbuild.layer.tree;

import dev.jbuild.linux.FileStat;

/** What the kernel tells of files, as it would on another disk. */
final class Stats {
    private Stats() {}

    static FileStat inWholeSeconds(FileStat stat) {
        return with(stat, 0, 0, stat.device());
    }

    static FileStat onAnotherDevice(FileStat stat) {
        return with(stat, stat.mtimeNanos(), stat.ctimeNanos(), stat.device() + 1);
    }

    private static FileStat with(FileStat s, int mtimeNanos, int ctimeNanos, long device) {
        return new FileStat(
                s.kind(),
                s.mode(),
                s.uid(),
                s.gid(),
                s.size(),
                s.links(),
                s.mtimeSeconds(),
                mtimeNanos,
                s.ctimeSeconds(),
                ctimeNanos,
                s.bornNanos(),
                device,
                s.inode(),
                s.deviceMajor(),
                s.deviceMinor());
    }
}
