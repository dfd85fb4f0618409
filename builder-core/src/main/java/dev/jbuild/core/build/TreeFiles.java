package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.tree.FileStatus;
import dev.jbuild.layer.tree.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Files of a tree, which no path and no link leads out of. */
record TreeFiles(FileTree tree) implements NamedFiles {
    @Override
    public Optional<byte[]> read(String path, int most, String what) throws IOException, BuildException {
        EntryPath named;
        try {
            named = EntryPath.cleaned(path.getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new BuildException(Kind.USAGE, "the " + what + " must lie in the build context: " + path, e);
        }
        Optional<EntryPath> real = tree.realPath(named, true);
        Optional<FileStatus> status = real.isEmpty() ? Optional.empty() : tree.lstat(real.get());
        if (status.isEmpty()) {
            return Optional.empty();
        }
        if (!status.get().isFile()) {
            throw new BuildException(Kind.BUILD, "the " + what + " " + path + " is not a regular file");
        }
        try (InputStream in = tree.open(real.get())) {
            byte[] content = in.readNBytes(most + 1);
            if (content.length > most) {
                throw new BuildException(Kind.BUILD, "the " + what + " " + path + " is longer than " + most + " bytes");
            }
            return Optional.of(content);
        }
    }
}
