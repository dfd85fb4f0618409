package dev.jbuild.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The calls of {@link Linux}, each put to the kernel as it is. Content, locks, attributes and channels are its assistants'. */
class SystemLinux implements Linux {
    static final SystemLinux INSTANCE = new SystemLinux();

    private static final int AT_FDCWD = -100;

    /** What is created by a path of the host is its user's alone. */
    private static final int NEW_FILE_MODE = 0600;

    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int AT_REMOVEDIR = 0x200;
    private static final int STATX_BASIC_STATS_AND_BIRTH = 0xfff;
    private static final long NANOS = 1_000_000_000;
    private static final int RESOLVE_NO_MAGICLINKS = 0x02;
    private static final int RESOLVE_NO_SYMLINKS = 0x04;
    private static final int RESOLVE_BENEATH = 0x08;
    private static final int RESOLVE_IN_ROOT = 0x10;
    private static final int OPEN_HOW_BYTES = 24;
    private static final long UTIME_OMIT = (1L << 30) - 2;
    private static final byte[] EMPTY = {};

    private final Architecture architecture = Architecture.ofThisMachine();
    private final Calls calls = Calls.toThisKernel();
    private final FileContent content = new FileContent(calls);
    private final FileLocks locks = new FileLocks(calls);
    private final Channels channels = new Channels(calls);
    final ExtendedAttributes attributes = new ExtendedAttributes(calls);

    SystemLinux() {}

    @Override
    public long effectiveUid() {
        return calls.value(Syscall.GETEUID) & 0xffff_ffffL;
    }

    @Override
    public long effectiveGid() {
        return calls.value(Syscall.GETEGID) & 0xffff_ffffL;
    }

    @Override
    public Fd open(Path path, OpenFlag... flags) throws IOException {
        byte[] bytes = HostPath.bytes(path);
        try (Scratch scratch = Scratch.borrow()) {
            long name = scratch.firstPath(bytes);
            int bits = OpenFlag.bits(architecture, flags);
            int number =
                    (int) calls.make(scratch, Syscall.OPENAT, Fd.shown(bytes), AT_FDCWD, name, bits, NEW_FILE_MODE, 0);
            return Fd.ofPath(this, number, bytes);
        }
    }

    @Override
    public Fd openAt(Fd directory, byte[] name, int mode, OpenFlag... flags) throws IOException {
        try (Scratch scratch = Scratch.borrow()) {
            int bits = OpenFlag.bits(architecture, flags);
            int number = (int) calls.at(scratch, Syscall.OPENAT, directory, name, bits, mode);
            return Fd.ofEntry(this, number, directory, name);
        }
    }

    @Override
    public Fd openInRoot(Fd root, byte[] path, int mode, OpenFlag... flags) throws IOException {
        return open2(root, path, mode, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS, flags);
    }

    @Override
    public Fd openWithoutLinks(Fd root, byte[] path, int mode, OpenFlag... flags) throws IOException {
        return open2(root, path, mode, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS, flags);
    }

    @Override
    public Fd openBeneath(Fd root, byte[] path, int mode, OpenFlag... flags) throws IOException {
        return open2(root, path, mode, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS, flags);
    }

    private Fd open2(Fd root, byte[] path, int mode, int resolve, OpenFlag... flags) throws IOException {
        try (Scratch scratch = Scratch.borrow()) {
            ByteBuffer how = scratch.structure();
            how.putLong(0, OpenFlag.bits(architecture, flags));
            how.putLong(8, mode);
            how.putLong(16, resolve);
            int number = openRetrying(scratch, root, path, scratch.structureAddress());
            return Fd.ofEntry(this, number, root, path);
        }
    }

    /** The kernel gives EAGAIN when a rename elsewhere disturbed its walk (openat2(2)); a hostile tree can do so for long. */
    private int openRetrying(Scratch scratch, Fd root, byte[] path, long how) throws LinuxException {
        for (int attempt = 1; ; attempt++) {
            try {
                return (int) calls.at(scratch, Syscall.OPENAT2, root, path, how, OPEN_HOW_BYTES);
            } catch (LinuxException e) {
                if (e.errno() != Errno.EAGAIN || attempt == 128) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void close(int number) {
        // The number is free again whatever close(2) returns; what was written is checked by sync, not here.
        try (Scratch scratch = Scratch.borrow()) {
            calls.result(scratch, Syscall.CLOSE, number, 0, 0, 0, 0);
        }
    }

    @Override
    public Optional<FileStat> statAt(Fd directory, byte[] name) throws IOException {
        try (Scratch scratch = Scratch.borrow()) {
            long result = statx(scratch, directory, name, AT_SYMLINK_NOFOLLOW);
            if (result == -1 && scratch.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            calls.check(scratch, Syscall.STATX, result, directory, name);
            return Optional.of(readStat(scratch.structure()));
        }
    }

    @Override
    public FileStat stat(Fd file) throws IOException {
        try (Scratch scratch = Scratch.borrow()) {
            calls.check(scratch, Syscall.STATX, statx(scratch, file, EMPTY, AT_EMPTY_PATH), file, EMPTY);
            return readStat(scratch.structure());
        }
    }

    private long statx(Scratch scratch, Fd directory, byte[] name, int flags) throws LinuxException {
        long path = scratch.firstPath(name);
        long buffer = scratch.structureAddress();
        return calls.result(
                scratch, Syscall.STATX, directory.number(), path, flags, STATX_BASIC_STATS_AND_BIRTH, buffer);
    }

    /** The fields of struct statx (statx(2)), laid out alike on every architecture. */
    private static FileStat readStat(ByteBuffer statx) {
        int mode = statx.getShort(28) & 0xffff;
        return new FileStat(
                FileKind.ofMode(mode),
                mode & 07777,
                statx.getInt(20) & 0xffff_ffffL,
                statx.getInt(24) & 0xffff_ffffL,
                statx.getLong(40),
                statx.getInt(16) & 0xffff_ffffL,
                statx.getLong(112),
                statx.getInt(120),
                statx.getLong(96),
                statx.getInt(104),
                statx.getLong(80) * NANOS + statx.getInt(88),
                ((long) statx.getInt(136) << 32) | (statx.getInt(140) & 0xffff_ffffL),
                statx.getLong(32),
                statx.getInt(128),
                statx.getInt(132));
    }

    @Override
    public FileSystemSpace space(Fd file) throws IOException {
        try (Scratch scratch = Scratch.borrow()) {
            ByteBuffer statfs = scratch.structure();
            calls.of(scratch, Syscall.FSTATFS, file, scratch.structureAddress(), 0, 0, 0);
            long available = statfs.getLong(8) * statfs.getLong(32);
            return new FileSystemSpace(statfs.getLong(0), available, statfs.getLong(48));
        }
    }

    @Override
    public List<byte[]> list(Fd directory) throws IOException {
        return content.list(directory);
    }

    @Override
    public byte[] readLinkAt(Fd directory, byte[] name) throws IOException {
        try (Scratch scratch = Scratch.borrow()) {
            long target = scratch.secondPathAddress();
            int length = (int) calls.at(scratch, Syscall.READLINKAT, directory, name, target, Scratch.PATH_BYTES);
            return scratch.secondPathBytes(length);
        }
    }

    @Override
    public void makeDirectoryAt(Fd directory, byte[] name, int mode) throws IOException {
        at(Syscall.MKDIRAT, directory, name, mode, 0);
    }

    @Override
    public void symlinkAt(byte[] target, Fd directory, byte[] name) throws IOException {
        try (Scratch scratch = Scratch.borrow()) {
            long text = scratch.firstPath(target);
            long place = scratch.secondPath(name);
            long result = calls.result(scratch, Syscall.SYMLINKAT, text, directory.number(), place, 0, 0);
            calls.check(scratch, Syscall.SYMLINKAT, result, directory, name);
        }
    }

    @Override
    public void linkAt(Fd fromDirectory, byte[] fromName, Fd toDirectory, byte[] toName) throws IOException {
        between(Syscall.LINKAT, fromDirectory, fromName, toDirectory, toName, 0);
    }

    @Override
    public void makeNodeAt(Fd directory, byte[] name, FileKind kind, int mode, int major, int minor)
            throws IOException {
        at(Syscall.MKNODAT, directory, name, kind.bits() | mode, deviceNumber(major, minor));
    }

    /** The kernel's own packing of a device number (new_encode_dev, linux/kdev_t.h): 12 bits of major, 20 of minor. */
    private static long deviceNumber(int major, int minor) {
        return (minor & 0xffL) | ((major & 0xfffL) << 8) | ((minor & 0xfff00L) << 12);
    }

    @Override
    public void unlinkAt(Fd directory, byte[] name) throws IOException {
        at(Syscall.UNLINKAT, directory, name, 0, 0);
    }

    @Override
    public void removeDirectoryAt(Fd directory, byte[] name) throws IOException {
        at(Syscall.UNLINKAT, directory, name, AT_REMOVEDIR, 0);
    }

    @Override
    public void renameAt(Fd fromDirectory, byte[] fromName, Fd toDirectory, byte[] toName, RenameFlag... flags)
            throws IOException {
        between(Syscall.RENAMEAT2, fromDirectory, fromName, toDirectory, toName, RenameFlag.bits(flags));
    }

    @Override
    public void chown(Fd file, long uid, long gid) throws IOException {
        try (Scratch scratch = Scratch.borrow()) {
            long name = scratch.firstPath(EMPTY);
            calls.of(scratch, Syscall.FCHOWNAT, file, name, uid, gid, AT_EMPTY_PATH);
        }
    }

    @Override
    public void chownAt(Fd directory, byte[] name, long uid, long gid) throws IOException {
        try (Scratch scratch = Scratch.borrow()) {
            long path = scratch.firstPath(name);
            long result =
                    calls.result(scratch, Syscall.FCHOWNAT, directory.number(), path, uid, gid, AT_SYMLINK_NOFOLLOW);
            calls.check(scratch, Syscall.FCHOWNAT, result, directory, name);
        }
    }

    @Override
    public void chmod(Fd file, int mode) throws IOException {
        try (Scratch scratch = Scratch.borrow()) {
            // fchmod(2) refuses a descriptor opened with O_PATH; the magic link leads to the very file it stands for.
            long result = calls.result(scratch, Syscall.FCHMOD, file.number(), mode, 0, 0, 0);
            if (result == -1 && scratch.errno() == Errno.EBADF) {
                long link = scratch.firstPath(Calls.magicLink(file));
                result = calls.result(scratch, Syscall.FCHMODAT, AT_FDCWD, link, mode, 0, 0);
            }
            calls.check(scratch, Syscall.FCHMODAT, result, file, EMPTY);
        }
    }

    @Override
    public void setMtime(Fd file, long seconds, int nanos) throws IOException {
        try (Scratch scratch = Scratch.borrow()) {
            long times = putTimes(scratch, seconds, nanos);
            // A null path means the descriptor itself (utimensat(2)).
            calls.of(scratch, Syscall.UTIMENSAT, file, 0, times, 0, 0);
        }
    }

    @Override
    public void setMtimeAt(Fd directory, byte[] name, long seconds, int nanos) throws IOException {
        try (Scratch scratch = Scratch.borrow()) {
            long times = putTimes(scratch, seconds, nanos);
            calls.at(scratch, Syscall.UTIMENSAT, directory, name, times, AT_SYMLINK_NOFOLLOW);
        }
    }

    private static long putTimes(Scratch scratch, long seconds, int nanos) {
        ByteBuffer times = scratch.structure();
        times.putLong(0, 0);
        times.putLong(8, UTIME_OMIT);
        times.putLong(16, seconds);
        times.putLong(24, nanos);
        return scratch.structureAddress();
    }

    @Override
    public List<String> listXattrsAt(Fd directory, byte[] name) throws IOException {
        return attributes.list(directory, name);
    }

    @Override
    public Optional<byte[]> xattrAt(Fd directory, byte[] name, String attribute) throws IOException {
        return attributes.read(directory, name, attribute);
    }

    @Override
    public void setXattrAt(Fd directory, byte[] name, String attribute, byte[] value) throws IOException {
        attributes.write(directory, name, attribute, value);
    }

    @Override
    public void removeXattrAt(Fd directory, byte[] name, String attribute) throws IOException {
        attributes.remove(directory, name, attribute);
    }

    @Override
    public int read(Fd file, byte[] into, int offset, int length) throws IOException {
        return content.read(file, into, offset, length);
    }

    @Override
    public void write(Fd file, byte[] from, int offset, int length) throws IOException {
        content.write(file, from, offset, length);
    }

    @Override
    public void writeAt(Fd file, long position, byte[] from, int offset, int length) throws IOException {
        content.writeAt(file, position, from, offset, length);
    }

    @Override
    public void truncate(Fd file, long size) throws IOException {
        of(Syscall.FTRUNCATE, file, size, 0, 0, 0);
    }

    @Override
    public long copyRange(Fd from, Fd to, long length) throws IOException {
        return of(Syscall.COPY_FILE_RANGE, from, 0, to.number(), 0, length);
    }

    @Override
    public long sendFile(Fd from, Fd to, long length) throws IOException {
        return of(Syscall.SENDFILE, to, from.number(), 0, length, 0);
    }

    @Override
    public Pipe pipe() throws IOException {
        return channels.pipe(this);
    }

    @Override
    public void sendDescriptors(Fd socket, Fd... descriptors) throws IOException {
        channels.send(socket, descriptors);
    }

    @Override
    public void sync(Fd file) throws IOException {
        of(Syscall.FSYNC, file, 0, 0, 0, 0);
    }

    @Override
    public void syncFileSystem(Fd file) throws IOException {
        of(Syscall.SYNCFS, file, 0, 0, 0, 0);
    }

    @Override
    public boolean tryLock(Fd file, LockMode mode) throws IOException {
        return locks.tryTake(file, mode);
    }

    @Override
    public void lock(Fd file, LockMode mode) throws IOException {
        locks.take(file, mode);
    }

    @Override
    public void unlock(Fd file) throws IOException {
        locks.release(file);
    }

    private long of(Syscall call, Fd file, long b, long c, long d, long e) throws LinuxException {
        try (Scratch scratch = Scratch.borrow()) {
            return calls.of(scratch, call, file, b, c, d, e);
        }
    }

    private void at(Syscall call, Fd directory, byte[] name, long c, long d) throws LinuxException {
        try (Scratch scratch = Scratch.borrow()) {
            calls.at(scratch, call, directory, name, c, d);
        }
    }

    private void between(Syscall call, Fd from, byte[] fromName, Fd to, byte[] toName, int flags)
            throws LinuxException {
        try (Scratch scratch = Scratch.borrow()) {
            long source = scratch.firstPath(fromName);
            long target = scratch.secondPath(toName);
            long result = calls.result(scratch, call, from.number(), source, to.number(), target, flags);
            calls.check(scratch, call, result, to, toName);
        }
    }
}
