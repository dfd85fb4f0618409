package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import java.io.IOException;
import java.util.Optional;

/** Small files that are read whole: a Dockerfile, an ignore file. */
interface NamedFiles {
    /**
     * A file's bytes; empty when there is none.
     *
     * @param most bytes that it may have
     * @param what it is, for messages
     * @throws BuildException when it is longer, or no regular file: a FIFO or device would hang the build
     */
    Optional<byte[]> read(String path, int most, String what) throws IOException, BuildException;
}
