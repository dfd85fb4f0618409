package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.plan.ImageRequest;
import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.DockerfileException;
import dev.jbuild.dockerfile.SourceRange;

/** Says of a failure which lines of the Dockerfile it comes from. */
record FailureLocator(Dockerfile dockerfile) {
    /** Of the look for an image; a misspelt stage is taken for an image that no registry has. */
    BuildException locate(ImageRequest request, BuildException failure) {
        String hint = request.nearStage()
                .map(stage -> " (did you mean the stage " + stage + "?)")
                .orElse("");
        return locate(request.range(), failure, hint);
    }

    BuildException locate(SourceRange range, BuildException failure) {
        return locate(range, failure, "");
    }

    private BuildException locate(SourceRange range, BuildException failure, String hint) {
        String message = failure.getMessage() + hint;
        DockerfileException located = new DockerfileException(dockerfile.name(), range, message);
        String line = dockerfile.name() + ":" + range.firstLine() + ": " + range.told(message);
        return new BuildException(failure, line, located.excerpt(dockerfile));
    }
}
