package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.runtime.launch.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepNetworksTest {
    @TempDir
    Path programs;

    private final List<Link> tried = new ArrayList<>();

    private StepNetworks withPasta() throws IOException {
        Path pasta = Files.createFile(programs.resolve("pasta"));
        assertThat(pasta.toFile().setExecutable(true)).isTrue();
        return new StepNetworks(new SearchPath(List.of(programs)));
    }

    private Report succeed(Link link) {
        tried.add(link);
        return new Report(0, Optional.empty(), List.of(), Optional.empty());
    }

    private Report failWithPasta(Link link) {
        Report report = succeed(link);
        return link instanceof Link.Pasta
                ? new Report(-1, Optional.empty(), List.of(), Optional.of("pasta failed: no route"))
                : report;
    }

    @Test
    void theDefaultIsPastaWhereItIsInstalled() throws Exception {
        StepOutcome outcome = withPasta().run(Network.DEFAULT, this::succeed);
        assertThat(tried).containsExactly(new Link.Pasta(programs.resolve("pasta")));
        assertThat(outcome.notes()).isEmpty();
    }

    @Test
    void withoutPastaTheDefaultIsTheHostsAndSaysSo() throws Exception {
        StepOutcome outcome = new StepNetworks(new SearchPath(List.of())).run(Network.DEFAULT, this::succeed);
        assertThat(tried).containsExactly(new Link.Host());
        assertThat(outcome.notes())
                .singleElement()
                .asString()
                .contains("host's network")
                .contains("passt");
    }

    @Test
    void aPastaThatFailsIsTriedOnceAndThenTheHostsIsUsed() throws Exception {
        StepNetworks networks = withPasta();
        StepOutcome first = networks.run(Network.DEFAULT, this::failWithPasta);
        StepOutcome second = networks.run(Network.DEFAULT, this::failWithPasta);
        assertThat(tried).hasSize(3).filteredOn(Link.Pasta.class::isInstance).hasSize(1);
        assertThat(first.exitCode()).isZero();
        assertThat(first.notes())
                .isEqualTo(second.notes())
                .singleElement()
                .asString()
                .contains("no route");
    }

    @Test
    void noneAndHostAreTakenAtTheirWord() throws Exception {
        StepNetworks networks = withPasta();
        networks.run(Network.NONE, this::succeed);
        networks.run(Network.HOST, this::succeed);
        assertThat(tried).containsExactly(new Link.Isolated(), new Link.Host());
    }

    @Test
    void slirpIsTheSecondChoiceWhenPastaIsMissingOrFails() throws Exception {
        StepNetworks networks = withPasta();
        Path slirp = Files.createFile(programs.resolve("slirp4netns"));
        assertThat(slirp.toFile().setExecutable(true)).isTrue();
        StepOutcome outcome = networks.run(Network.DEFAULT, this::failWithPasta);
        assertThat(tried).containsExactly(new Link.Pasta(programs.resolve("pasta")), new Link.Slirp(slirp));
        assertThat(outcome.notes()).isEmpty();
        Files.delete(programs.resolve("pasta"));
        new StepNetworks(new SearchPath(List.of(programs))).run(Network.DEFAULT, this::succeed);
        assertThat(tried).last().isEqualTo(new Link.Slirp(slirp));
    }
}
