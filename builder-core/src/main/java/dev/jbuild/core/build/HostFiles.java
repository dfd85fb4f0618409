package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.api.FileFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Files of this machine that the user named, and those beside one. */
final class HostFiles implements NamedFiles {
    @Override
    public Optional<byte[]> read(String path, int most, String what) throws IOException, BuildException {
        Path file = Path.of(path);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        // A link to a FIFO or device would hang the build as well as one itself.
        if (!Files.isRegularFile(file)) {
            throw new BuildException(Kind.BUILD, "the " + what + " " + file + " is not a regular file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(most + 1);
            if (content.length > most) {
                throw new BuildException(Kind.BUILD, "the " + what + " " + file + " is longer than " + most + " bytes");
            }
            return Optional.of(content);
        } catch (IOException e) {
            throw new BuildException(
                    Kind.BUILD, "cannot read the " + what + " " + file + ": " + FileFailure.reason(e), e);
        }
    }
}
