package dev.jbuild.cli;

import dev.jbuild.core.Engine;
import dev.jbuild.core.StoreHealth;
import dev.jbuild.core.api.BuildException;
import dev.jbuild.layer.store.Freed;
import dev.jbuild.layer.store.PrunePolicy;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** The commands on the store as such. */
final class StoreCommands {
    private final Arguments arguments;
    private final Surroundings surroundings;

    StoreCommands(Arguments arguments, Surroundings surroundings) {
        this.arguments = arguments;
        this.surroundings = surroundings;
    }

    void prune() throws UsageException, BuildException {
        refuseOperands();
        PrunePolicy policy = policy(Instant.now());
        try (Engine engine = engine()) {
            Freed freed = engine.storeCare().prune(policy);
            int objects = freed.blobs() + freed.trees() + freed.records() + freed.caches();
            out().println("removed " + objects + " objects, freed " + Humanly.size(freed.bytes()));
        }
    }

    void usage() throws UsageException, BuildException {
        refuseOperands();
        try (Engine engine = engine()) {
            UsageTable table = new UsageTable(engine.storeCare().usage(), Instant.now());
            out().print(arguments.isOn("--verbose") ? table.items() : table.summary());
        }
    }

    void check() throws UsageException, BuildException {
        refuseOperands();
        try (Engine engine = engine()) {
            StoreHealth health = engine.storeCare().check();
            health.problems().forEach(problem -> out().println(Printable.line(problem)));
            out().println("checked " + health.files().blobs() + " blobs ("
                    + Humanly.size(health.files().blobBytes()) + "), "
                    + health.files().trees() + " trees, "
                    + health.files().records() + " records, "
                    + health.images() + " names");
            if (!health.problems().isEmpty()) {
                throw new BuildException(
                        BuildException.Kind.STORE,
                        health.problems().size()
                                + " problems in the store, told above; damaged files are out of the way");
            }
        }
    }

    /** As with `docker builder prune`: a filter or a budget chooses among the cache, and without either --all takes it whole. */
    private PrunePolicy policy(Instant now) throws UsageException {
        Optional<Instant> unusedSince = Optional.empty();
        for (String filter : arguments.all("--filter")) {
            unusedSince = Optional.of(Moments.until(filter, now));
        }
        Optional<String> budget = arguments.last("--keep-storage");
        OptionalLong keepBytes =
                budget.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Values.bytes("--keep-storage", budget.get()));
        boolean cache = arguments.isOn("--all") || unusedSince.isPresent() || keepBytes.isPresent();
        return new PrunePolicy(cache, unusedSince, keepBytes);
    }

    private void refuseOperands() throws UsageException {
        if (!arguments.operands().isEmpty()) {
            throw new UsageException("not a flag: " + arguments.operands().getFirst());
        }
    }

    private Engine engine() throws BuildException {
        return new Engines(arguments, surroundings).open();
    }

    private PrintStream out() {
        return surroundings.out();
    }
}
