package dev.jbuild.runtime;

import dev.jbuild.runtime.launch.Report;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Chooses how a step's network is made: by pasta, else by slirp4netns; where both are missing or fail, the default is the
 * host's, and a note says so.
 */
final class StepNetworks {
    private static final String SHARED = "the step shares the host's network: ";

    private final SearchPath programs;

    // Whether a program works does not change during a build: later steps need not try again.
    private final Map<Class<? extends Link>, String> failures = new ConcurrentHashMap<>();

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
        // The step was not started when its network failed, so nothing is done twice.
        while (report.noNetwork().isPresent()) {
            failures.put(choice.link().getClass(), report.noNetwork().get());
            choice = choose(network);
            report = attempt.with(choice.link());
        }
        return outcome(report, choice.note());
    }

    private Choice choose(Network network) {
        return switch (network) {
            case NONE -> new Choice(new Link.Isolated(), Optional.empty());
            case HOST -> new Choice(new Link.Host(), Optional.empty());
            case DEFAULT ->
                own().map(link -> new Choice(link, Optional.empty())).orElseGet(this::shared);
        };
    }

    private Optional<Link> own() {
        Optional<Link> pasta = programs.find("pasta").map(Link.Pasta::new);
        Optional<Link> slirp = programs.find("slirp4netns").map(Link.Slirp::new);
        return pasta.filter(this::mayWork).or(() -> slirp.filter(this::mayWork));
    }

    private boolean mayWork(Link link) {
        return !failures.containsKey(link.getClass());
    }

    private Choice shared() {
        return sharing(
                failures.isEmpty()
                        ? "neither pasta nor slirp4netns is installed (Debian: apt install passt)"
                        : String.join("; ", new TreeSet<>(failures.values())));
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
