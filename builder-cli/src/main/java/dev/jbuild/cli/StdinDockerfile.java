package dev.jbuild.cli;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.FileFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The Dockerfile of {@code -f -}: standard input, kept in a file while the build runs. */
final class StdinDockerfile implements AutoCloseable {
    /** One byte more than a Dockerfile may have: the parser then refuses it and names its limit. */
    private static final int MOST_BYTES = (4 << 20) + 1;

    private final Path directory;
    private final Path file;

    private StdinDockerfile(Path directory, Path file) {
        this.directory = directory;
        this.file = file;
    }

    static StdinDockerfile read(InputStream in) throws BuildException {
        try {
            Path directory = Files.createTempDirectory("jbuild-");
            StdinDockerfile dockerfile = new StdinDockerfile(directory, directory.resolve("Dockerfile"));
            Files.write(dockerfile.file, in.readNBytes(MOST_BYTES));
            return dockerfile;
        } catch (IOException e) {
            throw new BuildException(
                    BuildException.Kind.STORE,
                    "cannot keep the Dockerfile from standard input: " + FileFailure.words(e),
                    e);
        }
    }

    Path file() {
        return file;
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
