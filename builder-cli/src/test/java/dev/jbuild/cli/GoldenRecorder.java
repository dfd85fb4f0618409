package dev.jbuild.cli;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.jbuild.cli.golden.BuiltImage;
import dev.jbuild.cli.golden.Docker;
import dev.jbuild.cli.golden.GoldenCase;
import dev.jbuild.cli.golden.Workplace;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Not a test: {@code testdata/record} calls it to write down what Docker makes of the golden cases. */
final class GoldenRecorder {
    @Test
    void recordsWhatDockerMakesOfThem() throws Exception {
        try (Docker docker = Docker.of(System.getenv()).orElseGet(() -> abort("JBUILD_DOCKER names no Docker"))) {
            record(docker);
        }
    }

    private static void record(Docker docker) throws IOException, InterruptedException {
        Workplace workplace = new Workplace(docker.work());
        BuiltImage base = docker.buildBase(workplace.layOutBase());
        for (GoldenCase golden : chosen()) {
            docker.build(workplace.layOut(golden), golden.flags(), base)
                    .write(golden.folder().resolve("docker"));
        }
    }

    /** The cases that the property {@code jbuild.record} names, or all. */
    private static List<GoldenCase> chosen() throws IOException {
        List<String> names = List.of(System.getProperty("jbuild.record", "").split(" "));
        return GoldenCase.buildable().stream()
                .filter(c -> names.equals(List.of("")) || names.contains(c.name()))
                .toList();
    }
}
