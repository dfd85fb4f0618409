package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.api.BuildRequest;
import dev.jbuild.core.plan.BaseImage;
import dev.jbuild.core.plan.ImageRequest;
import dev.jbuild.core.plan.PlanOptions;
import dev.jbuild.core.plan.Planner;
import dev.jbuild.core.work.Tasks;
import dev.jbuild.core.work.Vertices;
import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.DockerfileException;
import dev.jbuild.dockerfile.ExpansionException;
import dev.jbuild.dockerfile.Position;
import dev.jbuild.dockerfile.SourceRange;
import dev.jbuild.dockerfile.lint.CheckOptions;
import dev.jbuild.dockerfile.lint.Findings;
import dev.jbuild.oci.Platform;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Brings together what a plan needs of the world: the definition, what was asked for, the base images. */
record Planning(BuildTools tools, BuildRequest request, Tasks tasks, Vertices vertices) {
    OpenContext open() throws IOException, BuildException {
        Vertices.Vertex vertex = vertices.start(
                "[internal] load build definition from " + request.dockerfile().shown());
        try {
            OpenContext context = new ContextOpener(tools).open(request);
            vertex.done();
            return context;
        } catch (IOException | BuildException e) {
            vertex.failed(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    /** For the first platform that is asked for, which is what a review looks at. */
    PlanOptions options() {
        return options(
                request.platforms().isEmpty()
                        ? tools.machine()
                        : request.platforms().getFirst(),
                false);
    }

    PlanOptions options(Platform platform, boolean isOneOfSeveral) {
        return new PlanOptions(
                request.buildArgs(),
                request.target(),
                request.contexts(),
                request.labels(),
                platform,
                isOneOfSeveral,
                tools.machine(),
                request.noCache(),
                request.noCacheStages(),
                request.run().network(),
                request.grants().allowed());
    }

    Map<ImageRequest.Key, BaseImage> images(Planner planner, Dockerfile dockerfile)
            throws IOException, BuildException, DockerfileException, InterruptedException {
        return new BaseImages(tools, tasks, vertices, request.pull(), new FailureLocator(dockerfile)).resolve(planner);
    }

    /** Nothing found yet, under the rules that the build argument or else the file's directive wants. */
    Findings findings(Dockerfile dockerfile) throws BuildException {
        String argument = request.buildArgs().get(CheckOptions.BUILD_ARG);
        if (argument != null) {
            try {
                return new Findings(CheckOptions.parse(argument));
            } catch (ExpansionException e) {
                throw new BuildException(
                        Kind.USAGE, "--build-arg " + CheckOptions.BUILD_ARG + ": " + e.getMessage(), e);
            }
        }
        try {
            return new Findings(
                    CheckOptions.parse(dockerfile.directives().check().orElse("")));
        } catch (ExpansionException e) {
            int line = directiveLine(dockerfile.lines());
            SourceRange there = new SourceRange(new Position(line, 1), line);
            throw located(new DockerfileException(dockerfile.name(), there, e), dockerfile);
        }
    }

    /** Directives stand on top, so that the first comment of this form is the one. */
    private static int directiveLine(List<String> lines) {
        int index = 0;
        while (index < lines.size() && !lines.get(index).matches("(?i)\\s*#\\s*check\\s*=.*")) {
            index++;
        }
        return index + 1;
    }

    /** Fails where the file wants that of its own findings. */
    static void refuse(Findings findings) throws BuildException {
        if (findings.failBuild()) {
            throw new BuildException(
                    Kind.BUILD,
                    "lint rules are broken, and the Dockerfile wants its build to fail then (check=error=true): "
                            + findings.brokenRules() + "; jbuild check shows the lines");
        }
    }

    /** The failure with the lines of the file that it is about. */
    static BuildException located(DockerfileException e, Dockerfile dockerfile) {
        return new BuildException(Kind.BUILD, String.valueOf(e.getMessage()), e.excerpt(dockerfile), e);
    }
}
