package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.DockerfileException;
import dev.jbuild.dockerfile.SourceRange;

/** Says of a failure which lines of the Dockerfile it comes from. */
record FailureLocator(Dockerfile dockerfile) {
    BuildException locate(SourceRange range, BuildException failure) {
        String message = String.valueOf(failure.getMessage());
        DockerfileException located = new DockerfileException(dockerfile.name(), range, message);
        String line = dockerfile.name() + ":" + range.firstLine() + ": " + message;
        return new BuildException(failure, line, located.excerpt(dockerfile));
    }
}
