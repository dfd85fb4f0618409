package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.jbuild.cli.Distribution.Ended;
import dev.jbuild.cli.FaultyCalls.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever goes wrong in the middle of a build or a prune: the store is valid, nothing is left behind after the next start, and the
 * next build succeeds. How thorough this is can be chosen; CONTRIBUTING.md has the commands.
 *
 * <ul>
 *   <li>{@code jbuild.faults.step}: every so manieth call goes wrong, 1 for all
 *   <li>{@code jbuild.faults.kills}: how many random moments
 *   <li>{@code jbuild.faults.seconds}: how long builds, prunes and kills go on at once
 * </ul>
 */
@Tag("slow")
final class StoreFaultsIT {
    private static final int STEP = Integer.getInteger("jbuild.faults.step", 41);
    private static final int KILLS = Integer.getInteger("jbuild.faults.kills", 3);
    private static final int SECONDS = Integer.getInteger("jbuild.faults.seconds", 5);

    private static final Set<String> PARTS = Set.of(
            "oci-layout", "index.json", "blobs", "trees", "records", "digests", "caches", "locks", "run", "sessions");

    /** Debian's busybox-static. */
    private static final Path BUSYBOX = Path.of("/bin/busybox");

    @TempDir
    private Path directory;

    private Distribution jbuild;
    private Path root;
    private List<String> build;

    @BeforeEach
    void makeContext() throws IOException {
        jbuild = Distribution.ofThisBuild(directory);
        root = directory.resolve("root");
        Path context = Files.createDirectory(directory.resolve("ctx"));
        for (String name : List.of("one", "two", "three")) {
            Files.writeString(context.resolve(name), (name + "\n").repeat(20_000));
        }
        // The copy from another stage makes that stage's layers trees of the store.
        Files.writeString(context.resolve("Dockerfile"), """
                FROM scratch AS first
                COPY one /one
                COPY two /two
                FROM scratch
                COPY --from=first /one /one
                WORKDIR /work
                COPY three /three
                """ + step(context));
        build = List.of("-q", "-t", "app", "--network=none", context.toString());
    }

    /** A step that writes a file, where this machine has a program that needs no libraries. */
    private static String step(Path context) throws IOException {
        if (!Files.isExecutable(BUSYBOX)) {
            return "";
        }
        Files.copy(BUSYBOX, context.resolve("busybox"));
        return "COPY busybox /busybox\nRUN [\"/busybox\", \"cp\", \"/three\", \"/four\"]\n";
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aBuildSurvivesAFaultOfAnyCall(Fault fault) throws Exception {
        FaultyCalls faults = faults();
        int calls = faults.count(fault, build);
        for (int call = 1; call <= calls; call += STEP) {
            removeStore();
            String what = fault + " at call " + call + " of " + calls;
            requireClean(what, fault, faults.run(fault, call, build));
            requireSound(what);
            assertThat(jbuild.run(build).code()).as(what).isZero();
            assertThat(jbuild.run(List.of("image", "validate", "app")).out())
                    .as(what)
                    .isEqualTo("app: valid\n");
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aPruneSurvivesAFaultOfAnyCall(Fault fault) throws Exception {
        FaultyCalls faults = faults();
        List<String> prune = List.of("prune", "--all");
        makePrunable();
        int calls = faults.count(fault, prune);
        for (int call = 1; call <= calls; call += STEP) {
            makePrunable();
            String what = fault + " at call " + call + " of " + calls;
            requireClean(what, fault, faults.run(fault, call, prune));
            requireSound(what);
            assertThat(jbuild.run(List.of("image", "validate", "kept")).out())
                    .as(what)
                    .isEqualTo("kept: valid\n");
        }
    }

    @Test
    void killsAtRandomMomentsLeaveNothing() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < KILLS; i++) {
            List<String> words = new ArrayList<>(build);
            words.add("--no-cache");
            Process process = start(words);
            process.waitFor(random.nextInt(700), TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();
            requireSound("kill " + i);
            assertThat(jbuild.run(build).code()).as("kill " + i).isZero();
        }
    }

    @Test
    void buildsPrunesAndKillsAtOnceLeaveEveryImageValid() throws Exception {
        Random random = new Random(2);
        List<Process> running = new ArrayList<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        int finished = 0;
        for (int i = 0; System.nanoTime() < end; i++) {
            running.add(start(i % 5 == 4 ? List.of("prune", "--all") : named("app" + i % 8)));
            if (running.size() > 8) {
                Process oldest = running.removeFirst();
                if (random.nextInt(3) > 0) {
                    assertThat(oldest.waitFor()).isZero();
                    finished++;
                } else {
                    oldest.destroyForcibly().waitFor();
                }
            }
        }
        for (Process process : running) {
            assertThat(process.waitFor()).isZero();
            finished++;
        }
        assertThat(finished).isPositive();
        requireSound("after " + finished + " that finished");
        for (String name : jbuild.run(List.of("images"))
                .out()
                .lines()
                .skip(1)
                .map(line -> line.split(" +")[0])
                .toList()) {
            assertThat(jbuild.run(List.of("image", "validate", name)).out()).isEqualTo(name + ": valid\n");
        }
    }

    private FaultyCalls faults() throws IOException, InterruptedException {
        Optional<FaultyCalls> faults = FaultyCalls.of(jbuild, directory);
        assumeThat(faults).as("a C compiler (cc) makes what is preloaded").isPresent();
        return faults.orElseThrow();
    }

    /** An error is one line that says why, and exit code 4; some calls may fail without harm, as one that would have removed a lock file. */
    private void requireClean(String what, Fault fault, Ended ended) {
        if (fault == Fault.KILL) {
            assertThat(ended.code()).as(what).isEqualTo(128 + 9);
        } else if (ended.code() != 0) {
            assertThat(ended.code()).as(what + ": " + ended.err()).isEqualTo(4);
            // The Dockerfile's excerpt may come first; the error is the last line, and names the file.
            assertThat(ended.err().lines().filter(line -> line.startsWith("ERROR: ")))
                    .as(what)
                    .singleElement()
                    .asString()
                    .contains(directory.toString());
        }
    }

    private void requireSound(String what) throws IOException, InterruptedException {
        Ended check = jbuild.run(List.of("store", "check"));
        assertThat(check.code()).as(what + ": " + check.out() + check.err()).isZero();
        assertThat(root.resolve("sessions")).as(what).isEmptyDirectory();
        try (var files = Files.list(root)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .as(what)
                    .isSubsetOf(PARTS);
        }
    }

    private void makePrunable() throws IOException, InterruptedException {
        removeStore();
        assertThat(jbuild.run(named("gone")).code()).isZero();
        assertThat(jbuild.run(List.of("rmi", "gone")).code()).isZero();
        Path other = Files.createDirectories(directory.resolve("other"));
        Files.writeString(other.resolve("Dockerfile"), "FROM scratch\nCOPY Dockerfile /\n");
        assertThat(jbuild.run(List.of("-q", "-t", "kept", other.toString())).code())
                .isZero();
    }

    private List<String> named(String name) {
        List<String> words = new ArrayList<>(build);
        words.set(2, name);
        return words;
    }

    private Process start(List<String> words) throws IOException {
        Path nowhere = Path.of("/dev/null");
        return jbuild.start(jbuild.program(), Map.of(), words, nowhere, nowhere);
    }

    private void removeStore() throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("rm", "-rf", root.toString()).start().waitFor())
                .isZero();
    }
}
