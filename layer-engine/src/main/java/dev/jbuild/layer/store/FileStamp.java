package dev.jbuild.layer.store;

import dev.jbuild.layer.Timestamp;
import dev.jbuild.linux.FileStat;

/** By what a file is known to be unchanged without reading it; git compares the same. */
public record FileStamp(long device, long inode, long size, Timestamp mtime, Timestamp ctime) {
    public static FileStamp of(FileStat stat) {
        return new FileStamp(
                stat.device(),
                stat.inode(),
                stat.size(),
                new Timestamp(stat.mtimeSeconds(), stat.mtimeNanos()),
                new Timestamp(stat.ctimeSeconds(), stat.ctimeNanos()));
    }
}
