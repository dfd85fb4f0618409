package dev.jbuild.core.build;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.tree.FileTree;
import dev.jbuild.linux.Errno;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FileKind;
import dev.jbuild.linux.FileStat;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import dev.jbuild.linux.OpenFlag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The mount points that a step's filesystem lacks, parents included: they are there for the step alone. One that the step
 * changed all the same ({@code chown -R}) is taken out of what it leaves, unless it holds more by then, as BuildKit does.
 */
record MissingMountPoints(TreeSet<EntryPath> paths) {
    static final MissingMountPoints NONE = new MissingMountPoints(new TreeSet<>());

    /** @param below the filesystem before the step */
    static MissingMountPoints of(FileTree below, Collection<String> targets) throws IOException {
        TreeSet<EntryPath> missing = new TreeSet<>();
        for (String target : targets) {
            EntryPath path = EntryPath.cleaned(target.getBytes(StandardCharsets.UTF_8));
            try {
                EntryPath real = below.landing(path, true);
                while (!real.isRoot() && below.lstat(real).isEmpty()) {
                    missing.add(real);
                    real = real.parent();
                }
            } catch (NotDirectoryException inTheWay) {
                // The step's launcher says what; there is nothing to take away.
                return NONE;
            }
        }
        return new MissingMountPoints(missing);
    }

    /** In a filesystem without a file. */
    static MissingMountPoints inNothing(Collection<String> targets) {
        TreeSet<EntryPath> missing = new TreeSet<>();
        for (String target : targets) {
            EntryPath path = EntryPath.cleaned(target.getBytes(StandardCharsets.UTF_8));
            for (; !path.isRoot(); path = path.parent()) {
                missing.add(path);
            }
        }
        return new MissingMountPoints(missing);
    }

    /**
     * Takes what is left of them out of a step's upper directory: by descriptor, never through a link that the step may
     * have put in the way (CVE-2024-23652).
     */
    void removeFrom(Linux linux, Path upper) throws IOException {
        if (paths.isEmpty()) {
            return;
        }
        try (Fd root = linux.open(upper, OpenFlag.PATH, OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW)) {
            for (EntryPath path : paths.descendingSet()) {
                remove(linux, root, path);
            }
        }
    }

    private static void remove(Linux linux, Fd root, EntryPath path) throws IOException {
        byte[] name = path.name().toArray();
        try (Fd parent = open(linux, root, path.parent())) {
            Optional<FileStat> found = linux.statAt(parent, name);
            if (found.isEmpty()) {
                return;
            }
            FileStat before = linux.stat(parent);
            if (found.get().kind() == FileKind.DIRECTORY) {
                linux.removeDirectoryAt(parent, name);
            } else if (found.get().kind() == FileKind.FILE && found.get().size() == 0) {
                linux.unlinkAt(parent, name);
            }
            linux.setMtimeAt(parent, new byte[] {'.'}, before.mtimeSeconds(), before.mtimeNanos());
        } catch (LinuxException e) {
            if (!isKept(e.errno())) {
                throw e;
            }
        }
    }

    private static Fd open(Linux linux, Fd root, EntryPath directory) throws IOException {
        return linux.openWithoutLinks(root, pathOf(directory), 0, OpenFlag.PATH, OpenFlag.DIRECTORY);
    }

    private static byte[] pathOf(EntryPath directory) {
        return directory.isRoot() ? new byte[] {'.'} : directory.toArray();
    }

    /** The step never touched it, put something else there, or put something into it. */
    private static boolean isKept(int errno) {
        return errno == Errno.ENOENT || errno == Errno.ENOTDIR || errno == Errno.ELOOP || errno == Errno.ENOTEMPTY;
    }
}
