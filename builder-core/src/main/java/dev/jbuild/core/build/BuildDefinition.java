package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.api.DockerfileSource;
import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.DockerfileException;
import dev.jbuild.dockerfile.IgnoreRules;
import dev.jbuild.dockerfile.ParseLimits;
import dev.jbuild.layer.tree.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The Dockerfile and the ignore file of a build. */
record BuildDefinition(Dockerfile dockerfile, IgnoreRules ignore) {
    private static final String DEFAULT_NAME = "Dockerfile";
    private static final String IGNORE = ".dockerignore";

    /** A file that was read, and what it is called. */
    private record Text(String name, byte[] bytes) {}

    /** Reads the Dockerfile, and the ignore file: {@code NAME.dockerignore} beside it, else {@code .dockerignore}. */
    static BuildDefinition read(DockerfileSource dockerfile, FileTree context) throws IOException, BuildException {
        return switch (dockerfile) {
            case DockerfileSource.File(Path path) -> read(new HostFiles(), path.toString(), context);
            case DockerfileSource.Remote(String address) ->
                throw new IllegalArgumentException(address + " is to be fetched before it is read");
            case DockerfileSource.InContext(var path) ->
                read(new TreeFiles(context), path.orElse(DEFAULT_NAME), context);
        };
    }

    /** A Dockerfile that came by itself. */
    static BuildDefinition ofText(InputStream in) throws IOException, BuildException {
        byte[] text = in.readNBytes(ParseLimits.DEFAULT.dockerfileSize() + 1);
        return new BuildDefinition(parse(new Text(DEFAULT_NAME, text)), IgnoreRules.NONE);
    }

    private static BuildDefinition read(NamedFiles files, String path, FileTree context)
            throws IOException, BuildException {
        int most = ParseLimits.DEFAULT.dockerfileSize();
        Optional<byte[]> text = files.read(path, most, "Dockerfile");
        if (text.isEmpty() && lastName(path).equals(DEFAULT_NAME)) {
            // As BuildKit: the name that nobody chose may be written in lower case.
            text = files.read(lowerCased(path), most, "Dockerfile");
        }
        if (text.isEmpty()) {
            throw new BuildException(Kind.BUILD, "there is no Dockerfile " + path + "; name it with -f");
        }
        Dockerfile dockerfile = parse(new Text(lastName(path), text.get()));
        return new BuildDefinition(dockerfile, ignoreRules(files, path, context));
    }

    private static IgnoreRules ignoreRules(NamedFiles files, String dockerfile, FileTree context)
            throws IOException, BuildException {
        int most = ParseLimits.DEFAULT.ignoreSize();
        Optional<byte[]> own = files.read(dockerfile + IGNORE, most, "ignore file");
        if (own.isPresent()) {
            return ignoreRules(new Text(lastName(dockerfile) + IGNORE, own.get()));
        }
        return ignoreRules(context);
    }

    /** The rules of a directory's {@code .dockerignore}; it is read inside of it, so a link out of it is none. */
    static IgnoreRules ignoreRules(FileTree context) throws IOException, BuildException {
        Optional<byte[]> common = new TreeFiles(context).read(IGNORE, ParseLimits.DEFAULT.ignoreSize(), "ignore file");
        return common.isPresent() ? ignoreRules(new Text(IGNORE, common.get())) : IgnoreRules.NONE;
    }

    private static Dockerfile parse(Text text) throws BuildException {
        try {
            return Dockerfile.parse(text.name(), text.bytes(), ParseLimits.DEFAULT);
        } catch (DockerfileException e) {
            throw new BuildException(
                    Kind.BUILD, String.valueOf(e.getMessage()), e.excerpt(text.bytes()), e.in(text.bytes()));
        }
    }

    private static IgnoreRules ignoreRules(Text text) throws BuildException {
        try {
            return IgnoreRules.parse(text.name(), text.bytes(), ParseLimits.DEFAULT);
        } catch (DockerfileException e) {
            throw new BuildException(Kind.BUILD, String.valueOf(e.getMessage()), e.excerpt(text.bytes()), e);
        }
    }

    private static String lastName(String path) {
        return List.of(path.split("/")).getLast();
    }

    private static String lowerCased(String path) {
        return path.substring(0, path.length() - DEFAULT_NAME.length()) + DEFAULT_NAME.toLowerCase(Locale.ROOT);
    }
}
