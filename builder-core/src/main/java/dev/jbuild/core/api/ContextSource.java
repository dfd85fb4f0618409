package dev.jbuild.core.api;

import java.io.InputStream;
import java.nio.file.Path;

/** Where COPY and ADD take their files from, and the Dockerfile is looked for. */
public sealed interface ContextSource {
    /** A directory of this machine. */
    record Directory(Path path) implements ContextSource {}

    /**
     * A tar archive, compressed or not, that is the context; or a Dockerfile, and then there is no other file. Which of the two
     * its first bytes tell.
     */
    record Stream(InputStream in) implements ContextSource {}

    /**
     * What an address leads to: the files of a git repository, or behind http or https a tar archive or a Dockerfile.
     *
     * @param address as ADD takes it; {@code github.com/owner/name} is a repository too
     */
    record Remote(String address) implements ContextSource {}
}
