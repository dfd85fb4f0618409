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
                    return difference(folder, expected, jbuild, ours);
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
    private static String difference(Path folder, Outcome docker, InProcessJbuild jbuild, BuiltImage base)
            throws IOException {
        String text = Files.readString(folder.resolve("Dockerfile"));
        Outcome outcome = jbuild.build(folder, List.of(), base);
        // An unknown owner is an error on purpose.
        if (outcome.knowsNoSuchUser()
                || outcome.agreesWith(docker)
                || findsToo(docker, outcome, folder, jbuild, base)) {
            return "";
        }
        return "\n===== " + folder.getFileName() + "\n" + text + "----- Docker (-), jbuild (+)\n"
                + outcome.linesAgainst(docker);
    }

    /** Of several mistakes either builder may tell any first: once ours are out of the file, we must come upon Docker's. */
    private static boolean findsToo(Outcome docker, Outcome first, Path folder, InProcessJbuild jbuild, BuiltImage base)
            throws IOException {
        Path file = folder.resolve("Dockerfile");
        Outcome outcome = first;
        while (docker.isFailure() && !outcome.lines().isEmpty() && !outcome.agreesWith(docker)) {
            List<String> lines = new ArrayList<>(Files.readAllLines(file));
            outcome.lines().forEach(line -> lines.set(line - 1, "#"));
            Files.write(file, lines);
            outcome = jbuild.build(folder, List.of(), base);
        }
        return docker.isFailure() && outcome.agreesWith(docker);
    }
}
