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
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code jbuild check} and the other things to do with a Dockerfile than building it. */
final class ReviewTest {
    private static final String DOCKERFILE = """
            # A is for the base
            ARG A=1 B=${A}2
            # base carries all
            FROM scratch AS base
            ENV VERSION ${B}
            # C is for this stage
            ARG C=${VERSION}4 A
            FROM base as last
            ARG D
            LABEL a=$C
            """;

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void makeContext() throws IOException {
        Files.createDirectory(directory.resolve("ctx"));
        write(DOCKERFILE);
    }

    private void write(String dockerfile) throws IOException {
        Files.writeString(directory.resolve("ctx/Dockerfile"), dockerfile);
    }

    private ExitCode run(String... words) {
        return run(new byte[0], words);
    }

    private ExitCode run(byte[] in, String... words) {
        out.reset();
        err.reset();
        Map<String, String> environment =
                Map.of("JBUILD_ROOT", directory.resolve("store").toString(), "HOME", directory.toString());
        return new Jbuild(new Surroundings(
                        environment,
                        directory,
                        new ByteArrayInputStream(in),
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
    void aCheckShowsEachFindingWithItsLinesAndFails() {
        assertThat(run("check", "-q", "ctx")).as(err()).isEqualTo(ExitCode.BUILD_FAILED);
        assertThat(out()).startsWith("""
                Check complete, 3 warnings have been found!

                WARNING: UndefinedVar - https://docs.docker.com/go/dockerfile/rule/undefined-var/
                Usage of undefined variable '$B'
                Dockerfile:5
                --------------------
                   3 |     # base carries all
                   4 |     FROM scratch AS base
                   5 | >>> ENV VERSION ${B}
                   6 |     # C is for this stage
                   7 |     ARG C=${VERSION}4 A
                --------------------

                WARNING: LegacyKeyValueFormat - https://docs.docker.com/go/dockerfile/rule/legacy-key-value-format/
                "ENV key=value" should be used instead of legacy "ENV key value" format
                """);
        assertThat(err()).isEmpty();
    }

    @Test
    void aCheckThatFindsNothingSucceeds() throws IOException {
        write("FROM scratch\nLABEL a=b\n");
        assertThat(run("check", "-q", "ctx")).as(err()).isEqualTo(ExitCode.OK);
        assertThat(out()).isEqualTo("Check complete, no warnings found.\n");
    }

    @Test
    void allWaysToAskForACheckAreOne() {
        run("check", "-q", "ctx");
        String expected = out();
        for (String flag : new String[] {"--check", "--call=check", "--call=lint", "--call=check,format=text"}) {
            assertThat(run("build", "-q", flag, "ctx")).isEqualTo(ExitCode.BUILD_FAILED);
            assertThat(out()).isEqualTo(expected);
        }
        assertThat(run("-q", "--check", "ctx")).isEqualTo(ExitCode.BUILD_FAILED);
        assertThat(out()).isEqualTo(expected);
    }

    @Test
    void aCheckAsJsonHasTheShapeOfBuildxs() throws IOException {
        assertThat(run("-q", "--call=check,format=json", "ctx")).isEqualTo(ExitCode.BUILD_FAILED);
        JsonNode report = Json.parse(out.toByteArray(), 1 << 20, "report");
        JsonNode first = report.at("/warnings/0");
        assertThat(report.path("warnings")).hasSize(3);
        assertThat(first.path("ruleName").asText()).isEqualTo("UndefinedVar");
        assertThat(first.path("url").asText()).endsWith("/dockerfile/rule/undefined-var/");
        assertThat(first.path("detail").asText()).isEqualTo("Usage of undefined variable '$B'");
        assertThat(first.path("description").asText()).isEqualTo("Variables should be defined before their use");
        assertThat(first.at("/location/ranges/0/start/line").asInt()).isEqualTo(5);
        assertThat(first.at("/location/ranges/0/end/line").asInt()).isEqualTo(5);
        assertThat(report.at("/sources/0/filename").asText()).isEqualTo("Dockerfile");
        assertThat(new String(report.at("/sources/0/data").binaryValue(), StandardCharsets.UTF_8))
                .isEqualTo(DOCKERFILE);
    }

    @Test
    void whatCannotBePlannedIsToldBehindWhatWasFound() throws IOException {
        write("FROM scratch AS Base\nWORKDIR a\nENV x=${Y:?needed}\n");
        assertThat(run("check", "-q", "ctx")).isEqualTo(ExitCode.BUILD_FAILED);
        assertThat(out()).contains("StageNameCasing", "WorkdirRelativePath", "UndefinedVar");
        assertThat(err()).contains("   3 | >>> ENV x=${Y:?needed}").endsWith("Dockerfile:3:1: Y: needed\n");

        assertThat(run("-q", "--call=check,format=json", "ctx")).isEqualTo(ExitCode.BUILD_FAILED);
        JsonNode error = Json.parse(out.toByteArray(), 1 << 20, "report").path("buildError");
        assertThat(error.path("message").asText()).isEqualTo("Dockerfile:3:1: Y: needed");
        assertThat(error.at("/location/ranges/0/start/line").asInt()).isEqualTo(3);
    }

    @Test
    void theLinesOfAFileThatCannotBeReadAreInTheJsonToo() throws IOException {
        Files.writeString(directory.resolve("ctx/broken.Dockerfile"), "FROM scratch\nCOPY a\n");

        assertThat(run("-q", "--call=check,format=json", "-f", "ctx/broken.Dockerfile", "ctx"))
                .isEqualTo(ExitCode.BUILD_FAILED);
        JsonNode report = Json.parse(out.toByteArray(), 1 << 20, "report");
        assertThat(report.at("/sources/0/filename").asText()).isEqualTo("broken.Dockerfile");
        assertThat(new String(report.at("/sources/0/data").binaryValue(), StandardCharsets.UTF_8))
                .isEqualTo("FROM scratch\nCOPY a\n");
        assertThat(report.at("/buildError/location/ranges/0/start/line").asInt())
                .isEqualTo(2);
    }

    @Test
    void theLastStageIsTheDefaultWhereThereIsAChoice() throws IOException {
        write("FROM scratch\n");
        assertThat(run("-q", "--call=targets,format=json", "ctx")).isEqualTo(ExitCode.OK);
        assertThat(Json.parse(out.toByteArray(), 1 << 20, "targets")
                        .at("/targets/0")
                        .has("default"))
                .isFalse();
        for (String file : new String[] {"FROM scratch AS one\n", "FROM scratch\nFROM scratch\n"}) {
            write(file);
            assertThat(run("-q", "--call=targets,format=json", "ctx")).isEqualTo(ExitCode.OK);
            JsonNode last = Json.parse(out.toByteArray(), 1 << 20, "targets").path("targets");
            assertThat(last.path(last.size() - 1).path("default").asBoolean()).isTrue();
        }
    }

    @Test
    void theDirectiveSkipsRulesAndTheBuildArgumentStandsInForIt() throws IOException {
        write("# check=skip=StageNameCasing\nFROM scratch AS Base\n");
        assertThat(run("check", "-q", "ctx")).as(out()).isEqualTo(ExitCode.OK);
        assertThat(run("check", "-q", "--build-arg", "BUILDKIT_DOCKERFILE_CHECK=skip=UndefinedVar", "ctx"))
                .isEqualTo(ExitCode.BUILD_FAILED);
        assertThat(run("check", "-q", "--build-arg", "BUILDKIT_DOCKERFILE_CHECK=skip=all", "ctx"))
                .isEqualTo(ExitCode.OK);
        assertThat(run("check", "-q", "--build-arg", "BUILDKIT_DOCKERFILE_CHECK=x", "ctx"))
                .isEqualTo(ExitCode.USAGE);

        write("# syntax=x\n# check=skipp=all\nFROM scratch\n");
        assertThat(run("check", "-q", "ctx")).isEqualTo(ExitCode.BUILD_FAILED);
        assertThat(err()).contains(">>> # check=skipp=all").contains("did you mean skip=?");
    }

    @Test
    void aMisspeltRuleOfTheDirectiveIsNoted() throws IOException {
        write("# check=skip=StageNameCasng\nFROM scratch AS Base\nLABEL a=b\n");
        for (String command : new String[] {"build", "check"}) {
            run(command, "ctx");
            assertThat(err()).contains("no lint rule is called StageNameCasng (did you mean StageNameCasing?)");
        }
    }

    @Test
    void aBuildTellsItsFindingsAndGoesOn() throws IOException {
        write("FROM scratch AS Base\nLABEL a=b\n");
        assertThat(run("ctx")).as(err()).isEqualTo(ExitCode.OK);
        assertThat(err())
                .contains("note: StageNameCasing: Stage name 'Base' should be lowercase (line 1)")
                .contains("note: 1 warning found (jbuild check shows the lines)");
    }

    @Test
    void aBuildFailsWhereTheFileWantsFindingsToBeErrors() throws IOException {
        write("# check=error=true\nFROM scratch AS Base\nLABEL a=b\n");
        assertThat(run("ctx")).isEqualTo(ExitCode.BUILD_FAILED);
        assertThat(err()).contains("check=error=true").contains("StageNameCasing");
        write("# check=error=true;skip=StageNameCasing\nFROM scratch AS Base\nLABEL a=b\n");
        assertThat(run("ctx")).as(err()).isEqualTo(ExitCode.OK);
    }

    @Test
    void anOutlineListsWhatTheTargetCanBeGiven() {
        assertThat(run("-q", "--call=outline", "--build-arg", "D=5", "ctx"))
                .as(err())
                .isEqualTo(ExitCode.OK);
        assertThat(out()).isEqualTo("""
                TARGET: last

                BUILD ARG   VALUE   DESCRIPTION
                A           1       is for the base
                C           4       is for this stage
                D           5      \s

                """);
    }

    @Test
    void anOutlineAsJsonHasTheShapeOfBuildxs() throws IOException {
        write("""
                # VERSION of the tool
                ARG VERSION=1
                FROM scratch AS tool
                ARG VERSION
                RUN --mount=type=secret,id=token,required --mount=type=ssh --mount=type=cache,target=/c make $VERSION
                """);
        assertThat(run("-q", "--call=outline,format=json", "--build-arg=VERSION=2", "ctx"))
                .as(err())
                .isEqualTo(ExitCode.OK);
        JsonNode outline = Json.parse(out.toByteArray(), 1 << 20, "outline");
        assertThat(outline.path("name").asText()).isEqualTo("tool");
        assertThat(outline.at("/args/0/name").asText()).isEqualTo("VERSION");
        assertThat(outline.at("/args/0/value").asText()).isEqualTo("2");
        assertThat(outline.at("/secrets/0/name").asText()).isEqualTo("token");
        assertThat(outline.at("/secrets/0/required").asBoolean()).isTrue();
        assertThat(outline.at("/ssh/0/name").asText()).isEqualTo("default");
        assertThat(outline.at("/ssh/0/location/ranges/0/start/line").asInt()).isEqualTo(5);
        assertThat(outline.at("/cache/0/ID").asText()).isEqualTo("/c");
        assertThat(new String(outline.at("/sources/0").binaryValue(), StandardCharsets.UTF_8))
                .startsWith("# VERSION of the tool\n");
    }

    @Test
    void everyReviewReadsAContextFromStandardInputOnce() throws IOException {
        byte[] archive = archive(DOCKERFILE);
        for (String call : new String[] {"outline", "outline,format=json", "targets", "targets,format=json"}) {
            assertThat(run(archive, "-q", "--call=" + call, "-"))
                    .as(call + ": " + err())
                    .isEqualTo(ExitCode.OK);
            assertThat(out()).as(call).contains("last");
        }
        assertThat(run(archive, "-q", "--check", "-")).as(err()).isEqualTo(ExitCode.BUILD_FAILED);
        assertThat(out()).contains("3 warnings have been found");
    }

    @Test
    void aDockerfileFromStandardInputIsReviewedToo() {
        byte[] dockerfile = DOCKERFILE.getBytes(StandardCharsets.UTF_8);
        assertThat(run(dockerfile, "-q", "--call=outline,format=json", "-"))
                .as(err())
                .isEqualTo(ExitCode.OK);
        assertThat(run(dockerfile, "-q", "--call=outline,format=json", "-f", "-", "ctx"))
                .as(err())
                .isEqualTo(ExitCode.OK);
    }

    private static byte[] archive(String dockerfile) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            byte[] content = dockerfile.getBytes(StandardCharsets.UTF_8);
            TarArchiveEntry entry = new TarArchiveEntry("Dockerfile");
            entry.setSize(content.length);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    @Test
    void targetsAreTheStagesWithTheirDescriptions() throws IOException {
        assertThat(run("-q", "--call=targets", "ctx")).as(err()).isEqualTo(ExitCode.OK);
        assertThat(out()).isEqualTo("TARGET         DESCRIPTION\nbase           carries all\nlast (default) \n");
        assertThat(run("-q", "--call=targets,format=json", "ctx")).isEqualTo(ExitCode.OK);
        JsonNode targets = Json.parse(out.toByteArray(), 1 << 20, "targets").path("targets");
        assertThat(targets).hasSize(2);
        assertThat(targets.at("/0/description").asText()).isEqualTo("carries all");
        assertThat(targets.at("/0/base").asText()).isEqualTo("scratch");
        assertThat(targets.at("/1/default").asBoolean()).isTrue();
    }

    @Test
    void anotherCallIsRefusedAndTheNearestSuggested() {
        assertThat(run("--call=chek", "ctx")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("did you mean check?").hasLineCount(1);
        assertThat(run("--call=check,format=yaml", "ctx")).isEqualTo(ExitCode.USAGE);
        assertThat(run("check", "--call=outline", "ctx")).isEqualTo(ExitCode.USAGE);
    }
}
