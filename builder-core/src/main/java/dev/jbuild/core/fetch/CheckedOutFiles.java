package dev.jbuild.core.fetch;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.FileKind;
import dev.jbuild.linux.FileStat;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import dev.jbuild.linux.OpenFlag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Gives a checked-out tree modes and times that depend on the commit alone, not on umask and clock. Everything is reached by
 * descriptor and single name: the files are hostile.
 */
final class CheckedOutFiles {
    private static final byte[] GIT = ".git".getBytes(StandardCharsets.US_ASCII);

    private final Linux linux;
    private final Timestamp time;
    private final boolean keepsGitDir;

    /** @param keepsGitDir else {@code .git} files, which submodules leave, are removed */
    CheckedOutFiles(Linux linux, Timestamp time, boolean keepsGitDir) {
        this.linux = linux;
        this.time = time;
        this.keepsGitDir = keepsGitDir;
    }

    void settle(Path root) throws IOException {
        try (Fd directory = linux.open(root, OpenFlag.READ, OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW)) {
            settle(directory);
        }
    }

    private void settle(Fd directory) throws IOException {
        for (byte[] name : linux.list(directory)) {
            FileStat stat = linux.statAt(directory, name).orElseThrow();
            if (!keepsGitDir && Arrays.equals(name, GIT)) {
                linux.unlinkAt(directory, name);
            } else if (stat.kind() == FileKind.DIRECTORY) {
                try (Fd child = openDirectory(directory, name)) {
                    settle(child);
                }
            } else {
                settleFile(directory, name, stat);
            }
        }
        linux.chmod(directory, 0755);
        linux.setMtime(directory, time.seconds(), time.nanos());
    }

    private void settleFile(Fd directory, byte[] name, FileStat stat) throws IOException {
        if (stat.kind() == FileKind.FILE) {
            try (Fd file = linux.openAt(directory, name, 0, OpenFlag.PATH, OpenFlag.NO_FOLLOW)) {
                boolean executable = (stat.mode() & 0100) != 0;
                boolean writable = (stat.mode() & 0200) != 0;
                linux.chmod(file, 0444 | (writable ? 0200 : 0) | (executable ? 0111 : 0));
            }
        }
        linux.setMtimeAt(directory, name, time.seconds(), time.nanos());
    }

    private Fd openDirectory(Fd parent, byte[] name) throws IOException {
        return linux.openAt(parent, name, 0, OpenFlag.READ, OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW);
    }

    /**
     * Moves what a directory of the tree holds to another place.
     *
     * @param subdir may go through links of the repository, but not lead out of it (CVE-2026-33748)
     * @throws BuildException when it is no directory of the repository
     */
    void moveContents(Path root, String subdir, Path target, String shown) throws IOException, BuildException {
        try (Fd top = linux.open(root, OpenFlag.PATH, OpenFlag.DIRECTORY);
                Fd from = openBeneath(top, subdir, shown);
                Fd to = linux.open(target, OpenFlag.READ, OpenFlag.DIRECTORY)) {
            for (byte[] name : linux.list(from)) {
                linux.renameAt(from, name, to, name);
            }
            linux.setMtime(to, time.seconds(), time.nanos());
        }
    }

    private Fd openBeneath(Fd top, String subdir, String shown) throws IOException, BuildException {
        String path = subdir.replaceFirst("^/+", "");
        try {
            return linux.openBeneath(
                    top,
                    (path.isEmpty() ? "." : path).getBytes(StandardCharsets.UTF_8),
                    0,
                    OpenFlag.READ,
                    OpenFlag.DIRECTORY);
        } catch (LinuxException e) {
            String reason = switch (e.errnoName()) {
                case "EXDEV" -> "leads out of the repository";
                case "ENOENT", "ENOTDIR" -> "is no directory of the repository";
                default -> "cannot be opened: " + e.errnoName();
            };
            throw new BuildException(Kind.BUILD, shown + ": \"" + subdir + "\" " + reason, e);
        }
    }
}
