package dev.jbuild.layer.store;

import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FileKind;
import dev.jbuild.linux.FileStat;
import dev.jbuild.linux.InodePlacement;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.OpenFlag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The folders of a store, made and checked: real directories of the present user that nobody else can enter. Setuid files
 * of images lie in them (CVE-2021-41091's class), so a store that others could reach is refused.
 */
record StoreFolders(Path root, Linux linux) {
    private static final int OWNER_ONLY = 0700;

    static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** Made when they are needed. */
    private static final List<String> NEEDED_LATER = List.of("blobs/sha512", "quarantine", "run");

    /** Makes what is missing. */
    static StoreFolders open(Path root, Linux linux) throws IOException {
        StoreFolders folders = new StoreFolders(root.toAbsolutePath().normalize(), linux);
        Files.createDirectories(parent(folders.root));
        folders.make(folders.root);
        try (Fd handle = folders.handle()) {
            for (Path folder : new Path[] {
                folders.blobs(),
                folders.blobs("sha256"),
                folders.trees(),
                folders.records(),
                folders.digests(),
                folders.caches(),
                folders.locks()
            }) {
                folders.makeUnlessPrivate(handle, folder);
            }
            if (folders.makeUnlessPrivate(handle, folders.sessions())) {
                folders.spreadSessions();
            }
            for (String folder : NEEDED_LATER) {
                StoreFolder.isThere(linux, handle, folder);
            }
            CollectionLock.requireSound(linux, handle);
        }
        return folders;
    }

    /** A handle to the root, by which files of the store are looked at. */
    Fd handle() throws IOException {
        return StoreFolder.handle(linux, root);
    }

    /** As {@link #make}; a sound folder takes one call. Of its path only the last name is not yet known to be sound. */
    private boolean makeUnlessPrivate(Fd handle, Path folder) throws IOException {
        Optional<FileStat> stat = linux.withoutRecords()
                .statAt(handle, name(root.relativize(folder).toString()));
        return (stat.isEmpty() || !isPrivate(stat.get())) && make(folder);
    }

    private boolean isPrivate(FileStat stat) {
        return stat.kind() == FileKind.DIRECTORY
                && stat.uid() == linux.effectiveUid()
                && (stat.mode() & ~OWNER_ONLY & 0777) == 0;
    }

    /**
     * Trees are unpacked in their session's folder. Ext4 looks at every inode that was freed within the last minutes before it
     * takes another (its recently_deleted), so that a tree unpacked where one was just removed took twice the time: sessions lie
     * apart. What another file system does is its own affair.
     */
    private void spreadSessions() throws IOException {
        try (Fd fd = linux.open(sessions(), OpenFlag.READ, OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW)) {
            InodePlacement.spreadSubdirectories(fd);
        }
    }

    Path blobs() {
        return root.resolve("blobs");
    }

    Path blobs(String algorithm) {
        return blobs().resolve(algorithm);
    }

    Path trees() {
        return root.resolve("trees");
    }

    Path records() {
        return root.resolve("records");
    }

    Path digests() {
        return root.resolve("digests");
    }

    Path caches() {
        return root.resolve("caches");
    }

    Path locks() {
        return root.resolve("locks");
    }

    Path sessions() {
        return root.resolve("sessions");
    }

    /** Where damaged blobs go; made when there is one. */
    Path quarantine() {
        return root.resolve("quarantine");
    }

    /** The folder is there when this returns, and is the user's own; tells whether it is new. */
    boolean make(Path folder) throws IOException {
        try {
            Files.createDirectory(folder, PRIVATE_FOLDER);
            return true;
        } catch (FileAlreadyExistsException e) {
            requirePrivate(folder);
            return false;
        }
    }

    /** Waits until a folder's entries are on the disk: a rename is durable only then (fsync(2)). */
    void sync(Path folder) throws IOException {
        try (Fd fd = linux.open(folder, OpenFlag.READ, OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW)) {
            linux.sync(fd);
        }
    }

    /** The folder of a file of the store. */
    static Path parent(Path file) {
        return Objects.requireNonNull(file.getParent(), "a file of the store has a folder");
    }

    /** The name of a file in its folder, as the kernel's calls take it; a store's own names are ASCII. */
    static byte[] name(Path file) {
        return name(file.getFileName().toString());
    }

    static byte[] name(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }

    private void requirePrivate(Path folder) throws IOException {
        Optional<Fd> found = StoreFolder.open(linux, folder);
        if (found.isEmpty()) {
            throw new NoSuchFileException(folder.toString());
        }
        try (Fd fd = found.get()) {
            if (!isPrivate(linux.withoutRecords().stat(fd))) {
                linux.chmod(fd, OWNER_ONLY);
            }
        }
    }
}
