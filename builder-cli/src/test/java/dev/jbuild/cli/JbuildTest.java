package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jbuild.oci.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JbuildTest {
    private static final String DOCKERFILE = """
            FROM scratch
            LABEL greeting="hello"
            COPY file /file
            """;

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void makeContext() throws IOException {
        Files.createDirectory(directory.resolve("ctx"));
        Files.writeString(directory.resolve("ctx/file"), "content");
        Files.writeString(directory.resolve("ctx/Dockerfile"), DOCKERFILE);
    }

    private ExitCode run(String... words) {
        return runWithInput("", words);
    }

    private ExitCode runWithInput(String in, String... words) {
        out.reset();
        err.reset();
        Map<String, String> environment =
                Map.of("JBUILD_ROOT", directory.resolve("store").toString(), "HOME", directory.toString());
        return new Jbuild(new Surroundings(
                        environment,
                        directory,
                        new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8)))
                .run(words);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theWordBuildMayBeLeftOut() {
        assertThat(run("-t", "first", "ctx")).as(err()).isEqualTo(ExitCode.OK);
        String withoutWord = err();
        assertThat(run("build", "-t", "second", "ctx")).as(err()).isEqualTo(ExitCode.OK);
        assertThat(withoutWord).contains("COPY file /file").contains("built first:latest sha256:");
        assertThat(err()).contains("CACHED").contains("built second:latest sha256:");
    }

    @Test
    void aBuiltImageIsListedInspectedAndRemoved() throws IOException {
        assertThat(run("-q", "-t", "local/app:1", "ctx")).as(err()).isEqualTo(ExitCode.OK);
        assertThat(err()).isEmpty();
        String id = out().strip();
        assertThat(id).matches("sha256:[0-9a-f]{64}");

        assertThat(run("images")).isEqualTo(ExitCode.OK);
        assertThat(out()).contains("REPOSITORY").contains("local/app").contains(id.substring(7, 19));
        assertThat(run("images", "-q", "--no-trunc")).isEqualTo(ExitCode.OK);
        assertThat(out().strip()).isEqualTo(id);

        assertThat(run("inspect", "local/app:1")).isEqualTo(ExitCode.OK);
        JsonNode image = Json.parse(out.toByteArray(), 1 << 20, "inspect").path(0);
        assertThat(image.at("/config/config/Labels/greeting").asText()).isEqualTo("hello");

        assertThat(run("history", "local/app:1")).isEqualTo(ExitCode.OK);
        assertThat(out().lines().toList()).hasSize(3);
        assertThat(out()).contains("COPY file /file");

        assertThat(run("rmi", "local/app:1")).isEqualTo(ExitCode.OK);
        assertThat(out()).isEqualTo("Untagged: local/app:1\n");
        assertThat(run("prune", "-f")).isEqualTo(ExitCode.OK);
        assertThat(run("images", "-q")).isEqualTo(ExitCode.OK);
        assertThat(out()).isEmpty();
    }

    @Test
    void theResultIsWrittenForScripts() throws IOException {
        assertThat(run("-q", "-t", "app", "--iidfile", "id", "--metadata-file", "meta", "ctx"))
                .as(err())
                .isEqualTo(ExitCode.OK);
        String id = out().strip();
        assertThat(directory.resolve("id")).hasContent(id);
        JsonNode metadata = Json.parse(Files.readAllBytes(directory.resolve("meta")), 1 << 20, "metadata");
        assertThat(metadata.path("containerimage.config.digest").asText()).isEqualTo(id);
        assertThat(metadata.path("containerimage.digest").asText()).startsWith("sha256:");
        assertThat(metadata.path("image.name").asText()).isEqualTo("docker.io/library/app:latest");
    }

    @Test
    void anEmptyTargetOrResultFileIsNone() {
        assertThat(run("-q", "--target=", "--iidfile=", "--metadata-file=", "ctx"))
                .as(err())
                .isEqualTo(ExitCode.OK);
    }

    @Test
    void aResultFileThatCannotBeWrittenIsToldInWords() {
        assertThat(run("-q", "--iidfile", "none/id", "ctx")).isEqualTo(ExitCode.STORE);
        assertThat(err()).contains("cannot write " + directory.resolve("none/id") + ": no such file or directory");
    }

    @Test
    void aMisspeltCommandIsToldFromAContext() {
        assertThat(run("pish", "ctx")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("exactly one PATH").contains("given: pish ctx: did you mean push?");
    }

    @Test
    void anArchiveOnStandardOutputIsAloneThere() {
        assertThat(run("-q", "-o", "-", "ctx")).as(err()).isEqualTo(ExitCode.OK);
        assertThat(out()).contains("content").doesNotContain("sha256:");
        assertThat(out.size() % 512).isZero();
        assertThat(run("-o", "-", "-o", "type=oci", "ctx")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("standard output").hasLineCount(1);
    }

    @Test
    void aFailedBuildLeavesNoIdOfAnEarlierOne() throws IOException {
        Files.writeString(directory.resolve("id"), "old");
        Files.writeString(directory.resolve("ctx/Dockerfile"), "FROM scratch\nCOPY nothing /\n");
        assertThat(run("--iidfile", "id", "ctx")).isEqualTo(ExitCode.BUILD_FAILED);
        assertThat(directory.resolve("id")).doesNotExist();
    }

    @Test
    void theDockerfileMayComeFromStandardInput() {
        assertThat(runWithInput("FROM scratch\nLABEL a=b\n", "-q", "-f", "-", "ctx"))
                .as(err())
                .isEqualTo(ExitCode.OK);
        assertThat(runWithInput("FROM scratch\nNONSENSE\n", "-q", "-f", "-", "ctx"))
                .isEqualTo(ExitCode.BUILD_FAILED);
        assertThat(err()).contains("Dockerfile:2").contains(">>> NONSENSE");
    }

    @Test
    void aWrongDockerfileIsShownWhereItIsWrong() throws IOException {
        Files.writeString(directory.resolve("ctx/Dockerfile"), "FROM scratch\n\nCOPPY a b\n");
        assertThat(run("ctx")).isEqualTo(ExitCode.BUILD_FAILED);
        assertThat(err()).contains("Dockerfile:3").contains("   3 | >>> COPPY a b");
        assertThat(err().strip().lines().toList().getLast())
                .startsWith("ERROR: ")
                .containsIgnoringCase("COPY");
        assertThat(err()).doesNotContain("Exception").doesNotContain("\tat ");
    }

    @Test
    void wrongUsageIsOneLine() {
        assertThat(run("--policy", "x", "ctx")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).isEqualTo("ERROR: --policy is not supported yet\n");
        assertThat(run("inspect", "no-such-image")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("no-such-image").hasLineCount(1);
        assertThat(run("rmi", "no-such-image")).isEqualTo(ExitCode.USAGE);
        assertThat(run("rmi", "-f", "no-such-image")).isEqualTo(ExitCode.OK);
        assertThat(run("images", "operand")).isEqualTo(ExitCode.USAGE);
        assertThat(run("push")).isEqualTo(ExitCode.USAGE);
        assertThat(run("history", "a", "b")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aRegistryThatDoesNotAnswerHasItsOwnExitCode() {
        assertThat(run("pull", "127.0.0.1:1/nothing/here:1")).isEqualTo(ExitCode.REGISTRY);
        assertThat(err().strip().lines().toList().getLast())
                .startsWith("ERROR: ")
                .contains("127.0.0.1:1");
    }

    @Test
    void aStoreThatCannotBeMadeHasItsOwnExitCode() {
        assertThat(run("--root", "/proc/nowhere", "images")).isEqualTo(ExitCode.STORE);
        assertThat(err()).startsWith("ERROR: ").contains("/proc/nowhere").hasLineCount(1);
    }

    @Test
    void stackTracesAreForThoseWhoAskForThem() {
        assertThat(run("-D", "inspect", "no-such-image")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("\tat dev.jbuild.");
    }

    @Test
    void flagsOfAllCommandsMayComeFirst() {
        assertThat(run("--root", "elsewhere", "-D", "images", "-q")).as(err()).isEqualTo(ExitCode.OK);
        assertThat(directory.resolve("elsewhere")).isDirectory();
    }

    @Test
    void helpIsPrintedWhereItCanBePiped() {
        assertThat(run()).isEqualTo(ExitCode.OK);
        assertThat(out()).startsWith("Usage: jbuild [build]");
        for (Command command : Command.values()) {
            assertThat(run((command.word() + " --help").split(" "))).isEqualTo(ExitCode.OK);
            assertThat(out()).startsWith("Usage: jbuild " + command.word()).contains("--root DIR");
        }
        assertThat(err()).isEmpty();
    }

    @Test
    void jsonProgressIsNothingButJson() throws IOException {
        assertThat(run("--progress=rawjson", "ctx")).as(err()).isEqualTo(ExitCode.OK);
        for (String line : err().lines().toList()) {
            Json.parseObject(line.getBytes(StandardCharsets.UTF_8), 1 << 20, line);
        }
        assertThat(err()).contains("COPY file /file");
    }
}
