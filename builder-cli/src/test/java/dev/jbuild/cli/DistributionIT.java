package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jbuild.cli.Distribution.Ended;
import dev.jbuild.oci.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The distribution as its user has it: started by its script, in any place, by any name. */
final class DistributionIT {
    private static final Path QUICKSTART = Path.of(System.getProperty("jbuild.testdata"), "quickstart");

    private Path directory;
    private Distribution jbuild;

    @BeforeEach
    void findDistribution() throws IOException {
        directory = Files.createTempDirectory("jbuild-test-");
        jbuild = Distribution.ofThisBuild(directory);
    }

    /** Not JUnit's: it warns of each of busybox's links. */
    @AfterEach
    void removeDirectory() throws Exception {
        sh("rm", "-rf", "--one-file-system", directory.toString());
    }

    private Path dockerfile(String text) throws IOException {
        Path context = Files.createDirectories(directory.resolve("context"));
        Files.writeString(context.resolve("Dockerfile"), text);
        Files.writeString(context.resolve("file"), "content");
        return context;
    }

    private static Ended sh(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return new Ended(0, output, "");
    }

    @Test
    void tellsItsVersion() throws Exception {
        Ended ended = jbuild.run(List.of("--version"));
        assertThat(ended.out()).matches("jbuild version [0-9].*\n");
        assertThat(ended.err()).isEmpty();
        assertThat(ended.code()).isZero();
    }

    @Test
    void startsFromItsCacheWhereverItIsCopiedTo() throws Exception {
        Path elsewhere = Files.createDirectories(directory.resolve("a b")).resolve("c");
        sh("cp", "-a", jbuild.home().toString(), elsewhere.toString());
        Path link = Files.createSymbolicLink(directory.resolve("link"), elsewhere.resolve("bin/jbuild"));
        // With this mode a JVM that cannot use the cache does not start.
        Map<String, String> onlyWithCache = Map.of("JBUILD_JAVA_OPTIONS", "-XX:AOTMode=on");
        Ended ended = jbuild.run(link, onlyWithCache, List.of("--version"));
        assertThat(ended.out()).startsWith("jbuild version ");
        assertThat(jbuild.run(link, onlyWithCache, List.of("images")).code()).isZero();
    }

    @Test
    void printsOnlyTheImageIdWhenItIsToBeQuiet() throws Exception {
        Path context = dockerfile("FROM scratch\nCOPY file /\n");
        Ended ended = jbuild.run(List.of("-q", context.toString()));
        assertThat(ended.out()).as(ended.err()).matches("sha256:[0-9a-f]{64}\n");
        assertThat(ended.err()).isEmpty();
    }

    @Test
    void namesOfFilesNeedNoLocale() throws Exception {
        Path context = dockerfile("FROM scratch\nCOPY [\"grüße ☃\", \"/\"]\n");
        Files.writeString(context.resolve("grüße ☃"), "x");
        Ended ended = jbuild.run(
                jbuild.program(), Map.of("LC_ALL", "C", "LANG", "C"), List.of(context.toString(), "-t", "names"));
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.err()).contains("grüße ☃");
    }

    @Test
    @Tag("root")
    void theQuickstartDoesTheMainJob() throws Exception {
        sh(QUICKSTART.resolve("make-base").toString());
        List<String> build =
                List.of("-f", QUICKSTART.resolve("Dockerfile").toString(), "-t", "quickstart", QUICKSTART.toString());
        Ended first = jbuild.run(build);
        assertThat(first.code()).as(first.err()).isZero();
        assertThat(first.err()).contains("Hello from jbuild, world, from root").contains("built quickstart:latest");
        Ended again = jbuild.run(build);
        assertThat(again.err()).contains("CACHED").doesNotContain("Hello from jbuild");

        Ended inspected = jbuild.run(List.of("inspect", "quickstart"));
        JsonNode config = Json.parse(inspected.out().getBytes(StandardCharsets.UTF_8), 1 << 20, "inspect")
                .at("/0/config/config");
        assertThat(config.path("User").asText()).isEqualTo("nobody");
        assertThat(config.at("/Entrypoint/0").asText()).isEqualTo("/bin/hello");
    }

    @Test
    @Tag("root")
    void aStepThatFailsIsShownWithItsOutputAndItsLine() throws Exception {
        sh(QUICKSTART.resolve("make-base").toString());
        Path file = directory.resolve("failing");
        Files.writeString(file, "FROM scratch\nCOPY base/ /\nRUN [\"/bin/busybox\", \"ls\", \"/no/such\"]\n");
        Ended ended = jbuild.run(List.of("-f", file.toString(), QUICKSTART.toString()));
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .contains("/no/such: No such file or directory")
                .contains("failing:3")
                .contains(">>> RUN [")
                .contains("did not complete successfully: exit code: 1");
        assertThat(ended.err().strip().lines().toList().getLast()).startsWith("ERROR: ");
    }

    @Test
    @Tag("root")
    void anInterruptEndsTheStepToo() throws Exception {
        sh(QUICKSTART.resolve("make-base").toString());
        Path file = directory.resolve("sleeping");
        String marker = "4" + System.nanoTime() % 100_000_000;
        Files.writeString(
                file,
                "FROM scratch\nCOPY base/ /\nRUN [\"/bin/busybox\", \"sh\", \"-c\", \"echo asleep; exec busybox sleep "
                        + marker + "\"]\n");
        Path err = directory.resolve("err");
        Process process = jbuild.start(
                jbuild.program(),
                Map.of(),
                List.of("-f", file.toString(), QUICKSTART.toString()),
                directory.resolve("out"),
                err);
        Distribution.await(err, "asleep");
        sh("kill", "-INT", Long.toString(process.pid()));
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isEqualTo(130);
        assertThat(commandLines()).noneMatch(line -> line.contains(marker));
    }

    private static List<String> commandLines() {
        return ProcessHandle.allProcesses()
                .map(each -> each.info().commandLine().orElse(""))
                .toList();
    }
}
