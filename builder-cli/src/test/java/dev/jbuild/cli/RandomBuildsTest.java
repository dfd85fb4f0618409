package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.jbuild.cli.golden.BuiltImage;
import dev.jbuild.cli.golden.Docker;
import dev.jbuild.cli.golden.Outcome;
import dev.jbuild.cli.golden.RandomDockerfile;
import dev.jbuild.cli.golden.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Dockerfiles written at random give with jbuild what they give with Docker. {@code testdata/compare} runs it with the Docker
 * engine that the environment names; without one it says so.
 */
@Tag("peer")
final class RandomBuildsTest {
    /** Builds at once: Docker's wait for much. */
    private static final int AT_ONCE = 3;

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
        long first = Long.getLong("jbuild.seed", 1);
        List<Future<String>> running = new ArrayList<>();
        try (ExecutorService builders = Executors.newFixedThreadPool(AT_ONCE)) {
            for (long seed = first; seed < first + Long.getLong("jbuild.count", 20); seed++) {
                Path folder = Files.createDirectories(docker.work().resolve("random-" + seed));
                RandomDockerfile.writeTo(folder, seed);
                running.add(builders.submit(() -> {
                    Outcome expected = docker.build(folder, List.of(), theirs);
                    return difference(folder, expected, jbuild.build(folder, List.of(), ours));
                }));
            }
        }
        List<String> differences = new ArrayList<>();
        for (Future<String> each : running) {
            differences.add(each.get());
        }
        differences.removeIf(String::isEmpty);
        return differences;
    }

    /** Empty when there is none. */
    private static String difference(Path folder, Outcome docker, Outcome jbuild) throws IOException {
        // Of several lines whose sources are missing either may come upon any first. An unknown owner is an error on
        // purpose.
        boolean explained = (jbuild.misses() && docker.misses()) || jbuild.knowsNoSuchUser();
        if (explained || jbuild.agreesWith(docker)) {
            return "";
        }
        return "\n===== " + folder.getFileName() + "\n" + Files.readString(folder.resolve("Dockerfile"))
                + "----- Docker (-), jbuild (+)\n" + jbuild.linesAgainst(docker);
    }
}
