package dev.jbuild.runtime;

import dev.jbuild.runtime.launch.Report;
import java.io.IOException;
import java.util.Optional;

/** Chooses how a step's network is made; where pasta is missing or fails, the default is the host's, and a note says so. */
final class StepNetworks {
    private static final String SHARED = "the step shares the host's network: ";

    private final SearchPath programs;

    // Whether pasta works does not change during a build: later steps need not try again.
    private volatile Optional<String> pastaFailure = Optional.empty();

    StepNetworks(SearchPath programs) {
        this.programs = programs;
    }

    /** Runs the step with this link. */
    interface Attempt {
        Report with(Link link) throws IOException, InterruptedException;
    }

    private record Choice(Link link, Optional<String> note) {}

    StepOutcome run(Network network, Attempt attempt) throws IOException, InterruptedException {
        Choice choice = choose(network);
        Report report = attempt.with(choice.link());
        if (report.noNetwork().isEmpty()) {
            return outcome(report, choice.note());
        }
        // The step was not started, so nothing is done twice.
        pastaFailure = report.noNetwork();
        Choice shared = sharing(report.noNetwork().get());
        return outcome(attempt.with(shared.link()), shared.note());
    }

    private Choice choose(Network network) {
        return switch (network) {
            case NONE -> new Choice(new Link.Isolated(), Optional.empty());
            case HOST -> new Choice(new Link.Host(), Optional.empty());
            case DEFAULT -> pastaFailure.map(StepNetworks::sharing).orElseGet(this::preferPasta);
        };
    }

    private Choice preferPasta() {
        return programs.find("pasta")
                .map(program -> new Choice(new Link.Pasta(program), Optional.empty()))
                .orElseGet(() -> sharing("pasta is not installed (Debian: apt install passt)"));
    }

    private static Choice sharing(String reason) {
        return new Choice(new Link.Host(), Optional.of(SHARED + reason));
    }

    private static StepOutcome outcome(Report report, Optional<String> note) {
        StepOutcome outcome = new StepOutcome(
                report.exitCode(), report.notStarted(), report.notes(), report.limits(), UsageReader.read(report));
        return note.map(outcome::withNote).orElse(outcome);
    }
}
