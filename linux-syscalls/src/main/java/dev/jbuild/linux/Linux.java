package dev.jbuild.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The kernel's calls that the JDK lacks, as they are: by directory descriptor and with names as bytes.
 *
 * <p>A {@code name} is relative to the descriptor before it. Unless a method says otherwise it may hold slashes and the
 * kernel then follows links of all components but the last, so code that faces hostile trees passes single components.
 * Every method throws {@link LinuxException} when the kernel refuses.
 */
public interface Linux {
    /** This machine's kernel. */
    static Linux system() {
        return SystemLinux.INSTANCE;
    }

    /**
     * The kernel where this process's user namespace has one id: owners that it does not have are recorded beside the files
     * instead, and told by {@link #stat} and {@link #statAt}. The launcher of runtime-exec does the same for steps.
     */
    static Linux recordingOwners() {
        return RecordingLinux.INSTANCE;
    }

    /** Whether owners are recorded beside the files; see {@link #recordingOwners}. */
    default boolean recordsOwners() {
        return false;
    }

    /** The same kernel for files that are not this program's: it tells their own owners. */
    default Linux withoutRecords() {
        return this;
    }

    long effectiveUid();

    long effectiveGid();

    /** Opens a path of the host, as the user who typed it means it. A file that this creates has the mode 0600. */
    Fd open(Path path, OpenFlag... flags) throws IOException;

    /** openat(2); the mode counts when a file is created. */
    Fd openAt(Fd directory, byte[] name, int mode, OpenFlag... flags) throws IOException;

    /**
     * openat2(2) with RESOLVE_IN_ROOT and RESOLVE_NO_MAGICLINKS: links and {@code ..} are followed but never lead out of
     * the root, whoever changes the tree meanwhile.
     */
    Fd openInRoot(Fd root, byte[] path, int mode, OpenFlag... flags) throws IOException;

    /** openat2(2) with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS: fails with ELOOP where any component is a link. */
    Fd openWithoutLinks(Fd root, byte[] path, int mode, OpenFlag... flags) throws IOException;

    /**
     * openat2(2) with RESOLVE_BENEATH and RESOLVE_NO_MAGICLINKS: links are followed, but what leads out of the root, an
     * absolute link included, fails with EXDEV.
     */
    Fd openBeneath(Fd root, byte[] path, int mode, OpenFlag... flags) throws IOException;

    /** Closes a descriptor's number; {@link Fd#close} is how to call this. */
    void close(int number);

    /** What a name is, a link itself and not its target; empty when there is no such entry. */
    Optional<FileStat> statAt(Fd directory, byte[] name) throws IOException;

    FileStat stat(Fd file) throws IOException;

    FileSystemSpace space(Fd file) throws IOException;

    /** The entries of a directory in the kernel's order, without {@code .} and {@code ..}. The descriptor must be fresh. */
    List<byte[]> list(Fd directory) throws IOException;

    byte[] readLinkAt(Fd directory, byte[] name) throws IOException;

    void makeDirectoryAt(Fd directory, byte[] name, int mode) throws IOException;

    void symlinkAt(byte[] target, Fd directory, byte[] name) throws IOException;

    /** linkat(2); a symbolic link is linked itself, not followed. */
    void linkAt(Fd fromDirectory, byte[] fromName, Fd toDirectory, byte[] toName) throws IOException;

    /** mknodat(2): FIFOs, sockets, devices. */
    void makeNodeAt(Fd directory, byte[] name, FileKind kind, int mode, int major, int minor) throws IOException;

    void unlinkAt(Fd directory, byte[] name) throws IOException;

    void removeDirectoryAt(Fd directory, byte[] name) throws IOException;

    void renameAt(Fd fromDirectory, byte[] fromName, Fd toDirectory, byte[] toName, RenameFlag... flags)
            throws IOException;

    void chown(Fd file, long uid, long gid) throws IOException;

    /** Changes the owner of an entry, of a link itself. */
    void chownAt(Fd directory, byte[] name, long uid, long gid) throws IOException;

    /** Changes the mode of a file that was opened in any way, {@link OpenFlag#PATH} included. */
    void chmod(Fd file, int mode) throws IOException;

    /** Sets the modification time; the time of access is left alone. */
    void setMtime(Fd file, long seconds, int nanos) throws IOException;

    /** Sets the modification time of an entry, of a link itself. */
    void setMtimeAt(Fd directory, byte[] name, long seconds, int nanos) throws IOException;

    /** The names of an entry's extended attributes, a link's own; the empty name stands for the directory itself. */
    List<String> listXattrsAt(Fd directory, byte[] name) throws IOException;

    Optional<byte[]> xattrAt(Fd directory, byte[] name, String attribute) throws IOException;

    void setXattrAt(Fd directory, byte[] name, String attribute, byte[] value) throws IOException;

    void removeXattrAt(Fd directory, byte[] name, String attribute) throws IOException;

    /** Reads up to {@code length} bytes; -1 at the end. */
    int read(Fd file, byte[] into, int offset, int length) throws IOException;

    /** Writes all bytes. */
    void write(Fd file, byte[] from, int offset, int length) throws IOException;

    /** Writes all bytes at a position, without moving the descriptor's own. */
    void writeAt(Fd file, long position, byte[] from, int offset, int length) throws IOException;

    void truncate(Fd file, long size) throws IOException;

    /** Copies bytes between files within the kernel; returns how many, 0 at the end of the source. */
    long copyRange(Fd from, Fd to, long length) throws IOException;

    /** As {@link #copyRange} where the file systems differ or lack that call. */
    long sendFile(Fd from, Fd to, long length) throws IOException;

    /** pipe2(2): two ends that no program inherits which this process executes. */
    Pipe pipe() throws IOException;

    /** Gives the other end of a socket of the family AF_UNIX these descriptors of its own, at most two, with one byte. */
    void sendDescriptors(Fd socket, Fd... descriptors) throws IOException;

    /** Waits until a file's content and metadata are on the disk. */
    void sync(Fd file) throws IOException;

    /** Waits until everything of the file system is on the disk. */
    void syncFileSystem(Fd file) throws IOException;

    /**
     * Takes a lock on the open file description (F_OFD_SETLK): it is released when the descriptor closes, also by death.
     *
     * @return false when another holder is in the way
     */
    boolean tryLock(Fd file, LockMode mode) throws IOException;

    /** As {@link #tryLock}, but waits. */
    void lock(Fd file, LockMode mode) throws IOException;

    void unlock(Fd file) throws IOException;
}
