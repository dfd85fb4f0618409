package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.jbuild.cli.golden.BuiltImage;
import dev.jbuild.cli.golden.Docker;
import dev.jbuild.cli.golden.Outcome;
import dev.jbuild.cli.golden.RandomDockerfile;
import dev.jbuild.cli.golden.Workplace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Dockerfiles written at random give with jbuild what they give with Docker. {@code testdata/compare} runs it with the Docker
 * engine that the environment names; without one it says so.
 */
@Tag("peer")
final class RandomBuildsTest {
    @TempDir
    private Path directory;

    @Test
    void giveWhatDockerGives() throws Exception {
        try (Docker docker = Docker.of(System.getenv()).orElseGet(() -> abort("JBUILD_DOCKER names no Docker"))) {
            assertThat(differences(docker)).isEmpty();
        }
    }

    private List<String> differences(Docker docker) throws Exception {
        InProcessJbuild jbuild = new InProcessJbuild(directory.resolve("store"));
        Path sources = new Workplace(docker.work()).layOutBase();
        BuiltImage ours = jbuild.buildBase(sources);
        BuiltImage theirs = docker.buildBase(sources);
        List<String> differences = new ArrayList<>();
        long first = Long.getLong("jbuild.seed", 1);
        for (long seed = first; seed < first + Long.getLong("jbuild.count", 20); seed++) {
            Path folder = Files.createDirectories(docker.work().resolve("random-" + seed));
            RandomDockerfile.writeTo(folder, seed);
            Outcome expected = docker.build(folder, List.of(), theirs);
            Outcome outcome = jbuild.build(folder, List.of(), ours);
            if (!outcome.agreesWith(expected)) {
                differences.add("seed " + seed + ":\n" + RandomDockerfile.of(seed) + "\nDocker: " + expected.files()
                        + "\njbuild: " + outcome.files());
            }
        }
        return differences;
    }
}
