package dev.jbuild.layer.tree;

import dev.jbuild.layer.Bytes;
import dev.jbuild.linux.Errno;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FileKind;
import dev.jbuild.linux.FileStat;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import dev.jbuild.linux.OpenFlag;
import java.io.IOException;
import java.util.Optional;

/**
 * How a tree says that an entry of lower ones is gone: by the character device 0:0. A filesystem that is itself an overlay,
 * as a container's is, takes no such node; there an empty file with the attribute {@code user.overlay.whiteout} says it, which
 * is overlayfs's own second form (kernel, Documentation/filesystems/overlayfs.rst, since Linux 6.7). It looks for that form only
 * in directories whose attribute {@code user.overlay.opaque} is {@code x}.
 */
final class WhiteoutMarks {
    private static final String ATTRIBUTE = "user.overlay.whiteout";
    private static final Bytes SET = Bytes.of("y");
    private static final byte[] HAS_MARKS = {'x'};
    private static final byte[] NO_NAME = {};
    private static final int MODE = 0600;

    private WhiteoutMarks() {}

    /** Marks a name in a directory that merges with others: in an opaque one the kernel would show the mark. */
    static void make(Linux linux, Fd directory, byte[] name) throws IOException {
        try {
            linux.makeNodeAt(directory, name, FileKind.CHAR_DEVICE, 0, 0, 0);
        } catch (LinuxException e) {
            if (e.errno() != Errno.EPERM) {
                throw e;
            }
            linux.openAt(directory, name, MODE, OpenFlag.WRITE, OpenFlag.CREATE, OpenFlag.EXCLUSIVE, OpenFlag.NO_FOLLOW)
                    .close();
            linux.setXattrAt(directory, name, ATTRIBUTE, SET.toArray());
            linux.setXattrAt(directory, NO_NAME, Xattrs.OPAQUE, HAS_MARKS);
        }
    }

    /** What a name is, a mark of either form being a whiteout. */
    static Optional<FileStat> look(Linux linux, Fd directory, byte[] name) throws IOException {
        Optional<FileStat> stat = linux.statAt(directory, name);
        boolean mayBeMark = stat.isPresent()
                && stat.get().kind() == FileKind.FILE
                && stat.get().size() == 0;
        return mayBeMark
                        && linux.xattrAt(directory, name, ATTRIBUTE)
                                .map(Bytes::of)
                                .filter(SET::equals)
                                .isPresent()
                ? stat.map(FileStat::asWhiteout)
                : stat;
    }
}
