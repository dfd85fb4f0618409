package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.api.BuildRequest;
import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.DockerfileException;
import dev.jbuild.dockerfile.IgnoreRules;
import dev.jbuild.dockerfile.ParseLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The Dockerfile and the ignore file of a build, read from disk. */
record BuildDefinition(Dockerfile dockerfile, IgnoreRules ignore) {

    static BuildDefinition read(BuildRequest request) throws BuildException {
        if (!Files.isDirectory(request.context())) {
            throw new BuildException(Kind.USAGE, "the build context " + request.context() + " is not a directory");
        }
        byte[] text = content(request.dockerfile(), ParseLimits.DEFAULT.dockerfileSize(), "Dockerfile");
        return new BuildDefinition(parse(request.dockerfile(), text), ignoreRules(request));
    }

    private static Dockerfile parse(Path file, byte[] text) throws BuildException {
        try {
            return Dockerfile.parse(String.valueOf(file.getFileName()), text, ParseLimits.DEFAULT);
        } catch (DockerfileException e) {
            throw new BuildException(Kind.BUILD, String.valueOf(e.getMessage()), e.excerpt(text));
        }
    }

    /** {@code NAME.dockerignore} beside the Dockerfile replaces the context's {@code .dockerignore}. */
    private static IgnoreRules ignoreRules(BuildRequest request) throws BuildException {
        Path own = request.dockerfile().resolveSibling(request.dockerfile().getFileName() + ".dockerignore");
        Path common = request.context().resolve(".dockerignore");
        Optional<Path> file =
                Files.exists(own) ? Optional.of(own) : Optional.of(common).filter(Files::exists);
        if (file.isEmpty()) {
            return IgnoreRules.NONE;
        }
        byte[] text = content(file.get(), ParseLimits.DEFAULT.ignoreSize(), "ignore file");
        String name = String.valueOf(file.get().getFileName());
        try {
            return IgnoreRules.parse(name, text, ParseLimits.DEFAULT);
        } catch (DockerfileException e) {
            throw new BuildException(Kind.BUILD, String.valueOf(e.getMessage()), e.excerpt(text));
        }
    }

    /** A FIFO or device in the place of a file would hang the build, a link to one as well. */
    private static byte[] content(Path file, int limit, String what) throws BuildException {
        if (!Files.exists(file)) {
            throw new BuildException(Kind.BUILD, "there is no " + what + " " + file + "; name it with -f");
        }
        if (!Files.isRegularFile(file)) {
            throw new BuildException(Kind.BUILD, "the " + what + " " + file + " is not a regular file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(limit + 1);
            if (content.length > limit) {
                throw new BuildException(
                        Kind.BUILD, "the " + what + " " + file + " is longer than " + limit + " bytes");
            }
            return content;
        } catch (IOException e) {
            throw new BuildException(Kind.BUILD, "cannot read the " + what + " " + file + ": " + e.getMessage(), e);
        }
    }
}
