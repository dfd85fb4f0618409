package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildRequest;
import dev.jbuild.core.api.CheckReport;
import dev.jbuild.core.plan.Outline;
import dev.jbuild.core.plan.Planner;
import dev.jbuild.core.plan.Survey;
import dev.jbuild.core.work.Tasks;
import dev.jbuild.core.work.Vertices;
import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.DockerfileException;
import dev.jbuild.dockerfile.lint.DockerfileRules;
import dev.jbuild.dockerfile.lint.Findings;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Looks at a Dockerfile without building it. */
public final class DockerfileReview {
    private final Planning planning;

    public DockerfileReview(BuildTools tools, BuildRequest request, Tasks tasks, Vertices vertices) {
        this.planning = new Planning(tools, request, tasks, vertices);
    }

    /** What the lint rules find, as far as the file can be read and planned. */
    public CheckReport check() throws BuildException, InterruptedException {
        try (OpenContext context = planning.open()) {
            return check(context.definition());
        } catch (BuildException e) {
            return unread(e);
        } catch (IOException e) {
            return unread(Failures.of(e));
        }
    }

    private static CheckReport unread(BuildException failure) {
        return failure.getCause() instanceof DockerfileException cause
                ? new CheckReport(cause.name(), cause.lines(), List.of(), Optional.of(failure))
                : new CheckReport("Dockerfile", List.of(), List.of(), Optional.of(failure));
    }

    private CheckReport check(BuildDefinition definition) throws BuildException, InterruptedException {
        Dockerfile dockerfile = definition.dockerfile();
        Findings findings = planning.findings(dockerfile);
        findings.notes().forEach(planning.vertices()::note);
        Optional<BuildException> failure = Optional.empty();
        try {
            DockerfileRules.check(dockerfile, findings);
            Planner planner = Planner.forCheck(dockerfile, planning.options());
            Survey survey = new Survey(findings, definition.ignore());
            planner.checkFroms(survey);
            planner.plan(planning.images(planner, dockerfile), survey);
            Planning.refuse(findings);
        } catch (DockerfileException e) {
            failure = Optional.of(Planning.located(e, dockerfile));
        } catch (BuildException e) {
            failure = Optional.of(e);
        } catch (IOException e) {
            failure = Optional.of(Failures.of(e));
        }
        return new CheckReport(dockerfile.name(), dockerfile.lines(), findings.list(), failure);
    }

    /** What the target can be given. */
    public Outline outline() throws IOException, BuildException, InterruptedException {
        Dockerfile dockerfile = dockerfile();
        Planner planner = new Planner(dockerfile, planning.options());
        try {
            return planner.outline(planning.images(planner, dockerfile));
        } catch (DockerfileException e) {
            throw Planning.located(e, dockerfile);
        }
    }

    /** The file itself, parsed. */
    public Dockerfile dockerfile() throws IOException, BuildException {
        try (OpenContext context = planning.open()) {
            return context.definition().dockerfile();
        }
    }
}
