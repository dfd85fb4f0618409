package dev.jbuild.cli;

import dev.jbuild.core.Engine;
import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildListener;
import dev.jbuild.core.api.BuildRequest;
import dev.jbuild.core.api.CheckReport;
import dev.jbuild.core.plan.Outline;
import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.oci.Json;

/** Looks at a Dockerfile instead of building it, and prints what it sees to standard output. */
record Reviews(Engine engine, BuildRequest request, BuildListener listener, Surroundings surroundings) {
    /** A check that finds something fails, so that a pipeline stops. */
    ExitCode run(Call call) throws BuildException, InterruptedException {
        return switch (call.method()) {
            case CHECK -> check(call.json());
            case OUTLINE -> outline(call.json());
            case TARGETS -> targets(call.json());
            case BUILD -> throw new IllegalArgumentException("a build is no review");
        };
    }

    private ExitCode check(boolean json) throws BuildException, InterruptedException {
        CheckReport report = engine.check(request, listener);
        if (json) {
            print(Json.pretty(ReviewJson.check(report)) + "\n");
        } else if (report.failure().isEmpty() || !report.findings().isEmpty()) {
            print(Printable.lines(CheckText.of(report)));
        }
        if (report.failure().isPresent()) {
            throw report.failure().get();
        }
        return report.isClean() ? ExitCode.OK : ExitCode.BUILD_FAILED;
    }

    private ExitCode outline(boolean json) throws BuildException, InterruptedException {
        Outline outline = engine.outline(request, listener);
        print(json ? Json.pretty(ReviewJson.outline(outline)) + "\n" : ReviewText.outline(outline));
        return ExitCode.OK;
    }

    private ExitCode targets(boolean json) throws BuildException, InterruptedException {
        Dockerfile dockerfile = engine.dockerfile(request, listener);
        print(json ? Json.pretty(ReviewJson.targets(dockerfile)) + "\n" : ReviewText.targets(dockerfile));
        return ExitCode.OK;
    }

    private void print(String text) {
        surroundings.out().print(text);
        surroundings.out().flush();
    }
}
