package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.plan.Node;
import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.DockerfileException;

/** Says of a step's failure which lines of the Dockerfile it comes from. */
record FailureLocator(Dockerfile dockerfile) {
    BuildException locate(Node node, BuildException failure) {
        String message = String.valueOf(failure.getMessage());
        DockerfileException located = new DockerfileException(dockerfile.name(), node.range(), message);
        String line = dockerfile.name() + ":" + node.range().firstLine() + ": " + message;
        return new BuildException(failure, line, located.excerpt(dockerfile));
    }
}
