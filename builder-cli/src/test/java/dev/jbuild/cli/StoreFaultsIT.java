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
 *   <li>{@code jbuild.faults.first}: from which call on, for several runs to share the calls
 *   <li>{@code jbuild.faults.kills}: how many random moments
 *   <li>{@code jbuild.faults.seconds}: how long builds, prunes and kills go on at once
 * </ul>
 */
@Tag("slow")
final class StoreFaultsIT {
    private static final int STEP = Integer.getInteger("jbuild.faults.step", 97);
    private static final int FIRST = Integer.getInteger("jbuild.faults.first", 1);
    private static final int KILLS = Integer.getInteger("jbuild.faults.kills", 3);
    private static final int SECONDS = Integer.getInteger("jbuild.faults.seconds", 5);

    private static final Set<String> PARTS = Set.of(
            "oci-layout", "index.json", "blobs", "trees", "records", "digests", "caches", "locks", "run", "sessions");

    /** Debian's busybox-static. */
    private static final Path BUSYBOX = Path.of("/bin/busybox");

    private static final String SHELL = "SHELL [\"/busybox\", \"sh\", \"-c\"]\n";

    @TempDir
    private Path directory;

    private Distribution jbuild;
    private Path root;
    private Leftovers leftovers;

    /** How a build finds a {@link LayeredBase}; empty where there is none. */
    private List<String> base = List.of();

    private List<String> build;

    @BeforeEach
    void makeContext() throws IOException {
        jbuild = Distribution.ofThisBuild(directory);
        root = directory.resolve("root");
        leftovers = new Leftovers(directory, directory.toString());
        if (Files.isExecutable(BUSYBOX)) {
            Path layout = directory.resolve("layout");
            LayeredBase.writeTo(layout, BUSYBOX);
            base = List.of("--build-context=base=oci-layout://" + layout);
        }
        build = words("app", makeContext("ctx", "one"));
    }

    /** The copy from another stage makes that stage's layers trees of the store. */
    private Path makeContext(String folder, String content) throws IOException {
        Path context = Files.createDirectory(directory.resolve(folder));
        for (String name : List.of("one", "two", "three")) {
            Files.writeString(context.resolve(name), (name + content + "\n").repeat(20_000));
        }
        Files.writeString(
                context.resolve("Dockerfile"),
                """
                FROM scratch AS first
                COPY one /one
                COPY two /two
                FROM THE_BASE
                ENV TEST=THE_MARK
                COPY --from=first /one /one
                WORKDIR /work
                COPY three /three
                """.replace("THE_BASE", base.isEmpty() ? "scratch" : "base").replace("THE_MARK", directory.toString())
                        + step());
        return context;
    }

    /** A step that writes a file and fills a cache, where this machine has a program that needs no libraries. */
    private String step() {
        return base.isEmpty()
                ? ""
                : SHELL + "RUN --mount=type=cache,target=/cache /busybox cp /three /four && echo more >>/cache/file\n";
    }

    private List<String> words(String name, Path context) {
        List<String> words = new ArrayList<>(List.of("-q", "-t", name, "--network=none"));
        words.addAll(base);
        words.add(context.toString());
        return words;
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aBuildSurvivesAFaultOfAnyCall(Fault fault) throws Exception {
        FaultyCalls faults = faults();
        int calls = faults.count(fault, build);
        assertThat(calls).as("calls of a build").isGreaterThanOrEqualTo(FIRST);
        for (int call = FIRST; call <= calls; call += STEP) {
            removeStore();
            String what = fault + " at call " + call + " of " + calls;
            requireClean(what, fault, faults.run(fault, call, build));
            requireSound(what);
            assertThat(jbuild.run(build).code()).as(what).isZero();
            requireValid(what, "app");
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aPruneSurvivesAFaultOfAnyCall(Fault fault) throws Exception {
        FaultyCalls faults = faults();
        List<String> prune = List.of("prune", "--all");
        Path prunable = makePrunable();
        int calls = faults.count(fault, prune);
        assertThat(calls).as("calls of a prune").isGreaterThanOrEqualTo(FIRST);
        for (int call = FIRST; call <= calls; call += STEP) {
            removeStore();
            execute("cp", "-a", prunable.toString(), root.toString());
            String what = fault + " at call " + call + " of " + calls;
            requireClean(what, fault, faults.run(fault, call, prune));
            requireSound(what);
            requireValid(what, "kept");
        }
    }

    @Test
    void killsAtRandomMomentsLeaveNothing() throws Exception {
        List<String> anew = new ArrayList<>(build);
        anew.add("--no-cache");
        assertThat(jbuild.run(anew).code()).isZero();
        long began = System.nanoTime();
        assertThat(jbuild.run(anew).code()).isZero();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        Random random = new Random(1);
        for (int i = 0; i < KILLS; i++) {
            Process process = start(anew);
            process.waitFor((long) (random.nextDouble() * millis), TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();
            requireSound("kill " + i);
            assertThat(jbuild.run(build).code()).as("kill " + i).isZero();
        }
    }

    /** A process that was started, and the image that it makes unless it prunes. */
    private record Started(Process process, Optional<String> image) {}

    @Test
    void buildsPrunesAndKillsAtOnceLeaveEveryImageValid() throws Exception {
        Random random = new Random(2);
        List<Started> running = new ArrayList<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        int finished = 0;
        for (int i = 0; System.nanoTime() < end; i++) {
            running.add(startOneOfMany(i));
            if (running.size() > 8) {
                Started oldest = running.removeFirst();
                if (random.nextInt(3) > 0) {
                    requireFinished(oldest);
                    finished++;
                } else {
                    oldest.process().destroyForcibly().waitFor();
                }
            }
        }
        for (Started started : running) {
            requireFinished(started);
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

    /** Two prunes, of all and of what nothing needs, to six builds of contexts of their own, half of them without the cache. */
    private Started startOneOfMany(int i) throws IOException {
        if (i % 4 == 3) {
            List<String> prune = i % 8 == 3 ? List.of("prune", "--all") : List.of("prune");
            return new Started(start(prune), Optional.empty());
        }
        String name = "app" + i;
        List<String> words = words(name, makeContext("ctx" + i, Integer.toString(i)));
        if (i % 2 == 0) {
            words.add("--no-cache");
        }
        return new Started(start(words), Optional.of(name));
    }

    /** While others go on, which must not take what a named image needs. Every other one loses its name, for the prunes to find something. */
    private void requireFinished(Started started) throws IOException, InterruptedException {
        assertThat(started.process().waitFor()).as(started.toString()).isZero();
        if (started.image().isPresent()) {
            String name = started.image().get();
            assertThat(jbuild.run(List.of("image", "validate", name)).out()).isEqualTo(name + ": valid\n");
            if (name.hashCode() % 2 == 0) {
                assertThat(jbuild.run(List.of("rmi", name)).code())
                        .as("rmi " + name)
                        .isZero();
            }
        }
    }

    /** The step waits for a file in a directory that it shares with this test: the store's own, of a cache mount. */
    @Test
    void noBuildAndNoPruneWaitsForAStepOfAnother() throws Exception {
        assumeThat(base).as("needs /bin/busybox: apt install busybox-static").isNotEmpty();
        Path waiting = Files.createDirectory(directory.resolve("waiting"));
        Files.writeString(
                waiting.resolve("Dockerfile"),
                "FROM base\n" + SHELL
                        + "RUN --mount=type=cache,target=/gate echo >/gate/here;"
                        + " until [ -e /gate/open ]; do /busybox sleep 0.1; done; echo done >/done\n");
        Process first = start(words("first", waiting));
        Path gate = awaitGate();

        assertThat(jbuild.run(build).code()).as("a build on the same base").isZero();
        Ended prune = jbuild.run(List.of("prune", "--all"));
        assertThat(prune.code()).as(prune.err()).isZero();
        assertThat(first.isAlive()).as("the first waits still").isTrue();

        Files.createFile(gate);
        assertThat(first.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(first.exitValue()).isZero();
        for (String name : List.of("app", "first")) {
            assertThat(jbuild.run(List.of("image", "validate", name)).out()).isEqualTo(name + ": valid\n");
        }
        requireSound("two builds at once");
    }

    /** What the step waits for, in the directory of the only cache, once it has written to that. */
    private Path awaitGate() throws IOException, InterruptedException {
        for (int i = 0; i < 600; i++) {
            if (Files.isDirectory(root.resolve("caches"))) {
                try (var here = Files.find(root.resolve("caches"), 3, (path, _) -> path.endsWith("fs/here"))) {
                    Optional<Path> found = here.findFirst();
                    if (found.isPresent()) {
                        return found.get().resolveSibling("open");
                    }
                }
            }
            Thread.sleep(100);
        }
        throw new IOException("the step does not begin");
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

    /** The next start and the check are made in this JVM, which has long started. */
    private void requireSound(String what) throws IOException, InterruptedException {
        InProcessJbuild.Ended check = new InProcessJbuild(root).command(directory, "store", "check");
        assertThat(check.code()).as(what + ": " + check.out() + check.err()).isEqualTo(ExitCode.OK);
        assertThat(root.resolve("sessions")).as(what).isEmptyDirectory();
        leftovers.requireNone(what);
        try (var files = Files.list(root)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .as(what)
                    .isSubsetOf(PARTS);
        }
    }

    private void requireValid(String what, String image) {
        assertThat(new InProcessJbuild(root)
                        .command(directory, "image", "validate", image)
                        .out())
                .as(what)
                .isEqualTo(image + ": valid\n");
    }

    /** A store with an image, and with another's layers that nothing names any more; a copy of it is what comes out. */
    private Path makePrunable() throws IOException, InterruptedException {
        assertThat(jbuild.run(words("gone", directory.resolve("ctx"))).code()).isZero();
        assertThat(jbuild.run(List.of("rmi", "gone")).code()).isZero();
        Path other = Files.createDirectories(directory.resolve("other"));
        Files.writeString(other.resolve("Dockerfile"), "FROM scratch\nCOPY Dockerfile /\n");
        assertThat(jbuild.run(List.of("-q", "-t", "kept", other.toString())).code())
                .isZero();
        Path copy = directory.resolve("prunable");
        execute("cp", "-a", root.toString(), copy.toString());
        return copy;
    }

    private Process start(List<String> words) throws IOException {
        Path nowhere = Path.of("/dev/null");
        return jbuild.start(jbuild.program(), Map.of(), words, nowhere, nowhere);
    }

    private void removeStore() throws IOException, InterruptedException {
        execute("rm", "-rf", root.toString());
    }

    private static void execute(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                .as(String.join(" ", command))
                .isZero();
    }
}
