package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.plan.SourcePath;
import dev.jbuild.dockerfile.BadPatternException;
import dev.jbuild.dockerfile.IgnoreRules;
import dev.jbuild.layer.tree.DirectoryTree;
import dev.jbuild.linux.Linux;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/** A real folder of files to copy from. */
final class SourceFolder implements Closeable {
    final Path path;
    final DirectoryTree tree;

    private SourceFolder(Path path) throws IOException {
        this.path = path;
        this.tree = DirectoryTree.open(Linux.system(), path);
    }

    static SourceFolder in(Path path) throws IOException {
        return new SourceFolder(Files.createDirectories(path));
    }

    SourceFolder file(String name, String content) throws IOException {
        return file(name, content, "rw-r--r--");
    }

    SourceFolder file(String name, String content, String permissions) throws IOException {
        Path file = path.resolve(name);
        directory(path.relativize(file.getParent()).toString());
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        return this;
    }

    /** A directory and its missing parents, 0755 whatever the umask. */
    SourceFolder directory(String name) throws IOException {
        Path directory = path;
        for (Path component : Path.of(name)) {
            directory = directory.resolve(component);
            if (!Files.isDirectory(directory)) {
                Files.createDirectory(directory);
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        return this;
    }

    SourceFolder link(String name, String target) throws IOException {
        Files.createSymbolicLink(path.resolve(name), Path.of(target));
        return this;
    }

    SourceFolder hardLink(String name, String existing) throws IOException {
        Files.createLink(path.resolve(name), path.resolve(existing));
        return this;
    }

    SourceFolder fifo(String name) throws IOException, InterruptedException {
        Process mkfifo = new ProcessBuilder("mkfifo", path.resolve(name).toString()).start();
        if (mkfifo.waitFor() != 0) {
            throw new IOException("mkfifo failed");
        }
        return this;
    }

    /** The matches of a source; what is ignored stands first, what is excluded after it. */
    List<SourceMatch> scan(String source, List<String> ignored, List<String> excluded)
            throws IOException, BuildException, BadPatternException {
        return scan(new SourcePath(source, Optional.empty()), ignored, excluded);
    }

    /** What {@code --parents} finds of a pattern below a directory. */
    List<SourceMatch> scanBelow(String source, String below, String... excluded)
            throws IOException, BuildException, BadPatternException {
        return scan(new SourcePath(source, Optional.of(below)), List.of(), List.of(excluded));
    }

    private List<SourceMatch> scan(SourcePath source, List<String> ignored, List<String> excluded)
            throws IOException, BuildException, BadPatternException {
        return new SourceScanner(tree, IgnoreRules.of(ignored), IgnoreRules.of(excluded), "the build context")
                .scan(source);
    }

    List<SourceMatch> scan(String source) throws IOException, BuildException, BadPatternException {
        return scan(source, List.of(), List.of());
    }

    @Override
    public void close() throws IOException {
        tree.close();
    }
}
