package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StoreCommandsTest {
    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void buildAnImage() throws IOException {
        Files.createDirectory(directory.resolve("ctx"));
        Files.writeString(directory.resolve("ctx/file"), "content");
        Files.writeString(directory.resolve("ctx/Dockerfile"), "FROM scratch\nCOPY file /file\n");
        assertThat(run("-q", "-t", "app", "ctx")).as(err()).isEqualTo(ExitCode.OK);
    }

    @Test
    void aSoundStoreHasNoProblems() {
        assertThat(run("store", "check")).as(err()).isEqualTo(ExitCode.OK);
        assertThat(out())
                .startsWith("checked 3 blobs (")
                .contains(" records, 1 names")
                .hasLineCount(1);
    }

    @Test
    void aDamagedLayerIsNamedPutAsideAndBuiltAgain() throws IOException {
        Path layer = layerBlob();
        byte[] bytes = Files.readAllBytes(layer);
        bytes[bytes.length / 2] ^= 1;
        Files.write(layer, bytes);

        assertThat(run("store", "check")).isEqualTo(ExitCode.STORE);
        assertThat(out())
                .contains("blob sha256:" + layer.getFileName() + " is damaged")
                .contains("image app:latest: blob sha256:" + layer.getFileName() + " is missing");
        assertThat(err()).contains("problems in the store").hasLineCount(1);

        assertThat(run("-q", "-t", "app", "ctx")).as(err()).isEqualTo(ExitCode.OK);
        assertThat(run("store", "check")).as(out()).isEqualTo(ExitCode.OK);
    }

    @Test
    void diskUsageTellsWhatKeepsWhat() throws IOException {
        assertThat(run("du")).as(err()).isEqualTo(ExitCode.OK);
        assertThat(out().lines().map(line -> line.split(" {2,}")[0]))
                .containsExactly("NEEDED BY", "images", "running builds", "the cache", "nothing", "total");
        assertThat(run("du", "-v")).as(err()).isEqualTo(ExitCode.OK);
        assertThat(out()).contains(layerBlob().getFileName().toString()).containsPattern("blob +images");

        assertThat(run("rmi", "app")).isEqualTo(ExitCode.OK);
        assertThat(run("du", "-v")).isEqualTo(ExitCode.OK);
        assertThat(out())
                .containsPattern("blob +the cache")
                .containsPattern("blob +nothing")
                .containsPattern("record +the cache");
    }

    @Test
    void diskUsageCountsCachesOfStepsAndWhatACheckHasPutAside() throws IOException {
        assertThat(run("rmi", "app")).isEqualTo(ExitCode.OK);
        assertThat(run("prune", "--all")).isEqualTo(ExitCode.OK);
        Path cache =
                Files.createDirectories(directory.resolve("store").resolve("caches/cache-" + "0".repeat(64) + "-0/fs"));
        Files.write(cache.resolve("file"), new byte[5_000_000]);
        Path quarantine = Files.createDirectories(directory.resolve("store").resolve("quarantine"));
        Files.write(quarantine.resolve("1".repeat(64)), new byte[3_000_000]);

        FileTime use = FileTime.from(Instant.now().minusSeconds(2 * 3600 + 60));
        Files.setLastModifiedTime(cache.getParent(), use);
        Files.setLastModifiedTime(quarantine.resolve("1".repeat(64)), use);

        assertThat(run("du")).as(err()).isEqualTo(ExitCode.OK);
        assertThat(columns(out(), 4)).containsExactly("the cache", "1", "5MB", "0B", "5MB", "2 hours ago");
        assertThat(columns(out(), 5)).containsExactly("nothing", "1", "3MB", "0B", "3MB", "2 hours ago");
        assertThat(run("du", "-v")).as(err()).isEqualTo(ExitCode.OK);
        assertThat(columns(out(), 2))
                .containsExactly(
                        "cache-" + "0".repeat(64) + "-0", "cache", "the cache", "0", "5MB", "true", "2 hours ago");
        assertThat(columns(out(), 3))
                .containsExactly("1".repeat(64), "damaged", "nothing", "0", "3MB", "true", "2 hours ago");

        assertThat(run("prune", "--keep-storage", "4mb")).isEqualTo(ExitCode.OK);
        assertThat(out()).isEqualTo("removed 1 objects, freed 8MB\n");
        assertThat(cache).doesNotExist();
    }

    /** The columns of a line, from 1. */
    private static List<String> columns(String table, int line) {
        return List.of(table.lines().toList().get(line - 1).split(" {2,}"));
    }

    @Test
    void pruningTheCacheByAgeOrSizeKeepsWhatIsYoungOrFits() {
        assertThat(run("rmi", "app")).isEqualTo(ExitCode.OK);
        assertThat(run("prune", "--filter", "until=24h")).isEqualTo(ExitCode.OK);
        assertThat(run("prune", "--keep-storage", "1mb")).isEqualTo(ExitCode.OK);
        assertThat(run("-t", "app", "ctx")).isEqualTo(ExitCode.OK);
        assertThat(err()).contains("CACHED");

        assertThat(run("rmi", "app")).isEqualTo(ExitCode.OK);
        assertThat(run("prune", "--keep-storage", "0")).isEqualTo(ExitCode.OK);
        assertThat(run("-t", "app", "ctx")).isEqualTo(ExitCode.OK);
        assertThat(err()).doesNotContain("CACHED");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "512, 512", "512b, 512", "1kb, 1024", "1.5k, 1536", "10GB, 10737418240", "2MiB, 2097152"})
    void sizesAreDockersBinaryOnes(String text, long bytes) throws UsageException {
        assertThat(Values.bytes("--keep-storage", text)).isEqualTo(bytes);
    }

    @Test
    void whatIsNoSizeOrFilterIsAMistakeOfTheUser() {
        assertThat(run("prune", "--keep-storage", "much")).isEqualTo(ExitCode.USAGE);
        assertThat(run("prune", "--filter", "label=x")).isEqualTo(ExitCode.USAGE);
    }

    private Path layerBlob() throws IOException {
        try (var blobs = Files.list(directory.resolve("store/blobs/sha256"))) {
            return blobs.filter(this::isGzip).findFirst().orElseThrow();
        }
    }

    private boolean isGzip(Path blob) {
        try (var in = Files.newInputStream(blob)) {
            return in.read() == 0x1f;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private ExitCode run(String... words) {
        out.reset();
        err.reset();
        Map<String, String> environment =
                Map.of("JBUILD_ROOT", directory.resolve("store").toString(), "HOME", directory.toString());
        return new Jbuild(new Surroundings(
                        environment,
                        directory,
                        new ByteArrayInputStream(new byte[0]),
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
}
