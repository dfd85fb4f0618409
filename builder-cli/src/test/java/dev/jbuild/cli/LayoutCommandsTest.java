package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LayoutCommandsTest {
    private static final String IMAGE = "oci:store:docker.io/library/app:latest";

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void buildAnImage() throws IOException {
        Files.createDirectories(directory.resolve("ctx/etc"));
        Files.writeString(directory.resolve("ctx/etc/one"), "1");
        Files.writeString(directory.resolve("ctx/etc/two"), "2");
        Files.writeString(
                directory.resolve("ctx/Dockerfile"),
                "FROM scratch\nLABEL kept=yes\nCOPY etc/one /etc/one\nCOPY etc/two /etc/two\n");
        assertThat(run("-q", "-t", "app", "ctx")).as(err()).isEqualTo(ExitCode.OK);
    }

    @Test
    void anImageUnpacksIntoABundle() {
        assertThat(run("image", "unpack", IMAGE, "bundle")).as(err()).isEqualTo(ExitCode.OK);
        assertThat(directory.resolve("bundle/rootfs/etc/one")).hasContent("1");
        assertThat(directory.resolve("bundle/rootfs/etc/two")).hasContent("2");
        assertThat(directory.resolve("bundle")).isDirectoryNotContaining("regex:.*(layer|before)");
    }

    @Test
    void aLimitOfLayersIsTheUsersToChoose() {
        assertThat(run("image", "unpack", "--layer-limit", "maxEntries=1", IMAGE, "bundle"))
                .isEqualTo(ExitCode.REGISTRY);
        assertThat(err()).contains("more than 1 entries (maxEntries)").hasLineCount(1);
        assertThat(directory.resolve("bundle")).doesNotExist();

        assertThat(run("image", "unpack", "--layer-limit=maxEntries=2", "--layer-limit=maxBytes=1m", IMAGE, "bundle"))
                .as(err())
                .isEqualTo(ExitCode.OK);
    }

    @Test
    void aLimitThatIsNoneIsToldWithThoseThereAre() {
        assertThat(run("image", "unpack", "--layer-limit", "entries=1", IMAGE, "bundle"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err())
                .contains("--layer-limit entries=1: there is no limit entries; there are maxEntries, maxBytes, ")
                .hasLineCount(1);
        for (String broken : new String[] {"maxEntries", "maxEntries=", "maxEntries=0", "maxRatio=5g", "=1"}) {
            assertThat(run("image", "unpack", "--layer-limit", broken, IMAGE, "bundle"))
                    .as(broken)
                    .isEqualTo(ExitCode.USAGE);
        }
    }

    @Test
    void rawMakesTheDirectoryTheRootItself() throws IOException {
        Files.createDirectory(directory.resolve("root"));
        assertThat(run("image", "unpack", "--raw", IMAGE, "root")).as(err()).isEqualTo(ExitCode.OK);
        try (var files = Files.list(directory.resolve("root"))) {
            assertThat(files).containsExactly(directory.resolve("root/etc"));
        }
        assertThat(run("image", "pack", "root", "oci:out")).isEqualTo(ExitCode.STORE);
        assertThat(err()).contains("is no bundle").hasLineCount(1);
    }

    @Test
    void whatChangedBecomesOneMoreLayer() throws Exception {
        assertThat(run("image", "unpack", IMAGE, "bundle")).as(err()).isEqualTo(ExitCode.OK);
        Path rootfs = directory.resolve("bundle/rootfs");
        Files.delete(rootfs.resolve("etc/one"));
        Files.setPosixFilePermissions(rootfs.resolve("etc/two"), PosixFilePermissions.fromString("rwx------"));
        Files.writeString(rootfs.resolve("new"), "new");
        Files.setLastModifiedTime(rootfs.resolve("new"), FileTime.from(Instant.ofEpochSecond(1000)));

        assertThat(run("image", "pack", "--source-date-epoch=0", "bundle", "oci:out:v2"))
                .as(err())
                .isEqualTo(ExitCode.OK);
        String digest = out().strip();
        assertThat(run("image", "validate", "oci:out:v2")).as(out()).isEqualTo(ExitCode.OK);
        assertThat(run("image", "unpack", "oci:out:v2", "again")).as(err()).isEqualTo(ExitCode.OK);
        assertThat(directory.resolve("again/rootfs/etc/one")).doesNotExist();
        assertThat(Files.getPosixFilePermissions(directory.resolve("again/rootfs/etc/two")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(directory.resolve("again/rootfs/new")).hasContent("new");

        assertThat(run("image", "pack", "--source-date-epoch=0", "bundle", "oci:out:v3"))
                .isEqualTo(ExitCode.OK);
        assertThat(out().strip()).as("packing is reproducible").isEqualTo(digest);
        assertThat(directory.resolve("bundle")).isDirectoryNotContaining("glob:**/.*");
    }

    @Test
    void aBundleThatDidNotChangeIsTheSameImage() {
        assertThat(run("image", "unpack", IMAGE, "bundle")).as(err()).isEqualTo(ExitCode.OK);
        assertThat(run("image", "pack", "bundle", "oci:out")).as(err()).isEqualTo(ExitCode.OK);
        assertThat(run("inspect", "app")).isEqualTo(ExitCode.OK);
        String inspected = out();
        assertThat(run("image", "pack", "bundle", "oci:out")).isEqualTo(ExitCode.OK);
        assertThat(inspected).contains(out().strip());
    }

    @Test
    void aRefreshedBundlePacksOnlyWhatCameAfter() throws IOException {
        assertThat(run("image", "unpack", IMAGE, "bundle")).as(err()).isEqualTo(ExitCode.OK);
        Files.writeString(directory.resolve("bundle/rootfs/a"), "a");
        assertThat(run("image", "pack", "--refresh-bundle", "bundle", "oci:out"))
                .isEqualTo(ExitCode.OK);
        String first = out();
        assertThat(run("image", "pack", "bundle", "oci:out")).isEqualTo(ExitCode.OK);
        assertThat(out()).isEqualTo(first);
    }

    @Test
    void umociUnpacksWhatWePackAndWePackWhatItUnpacked() throws Exception {
        assumeThat(Files.exists(Path.of("/usr/bin/umoci")))
                .as("umoci is installed")
                .isTrue();
        assertThat(run("image", "unpack", IMAGE, "bundle")).as(err()).isEqualTo(ExitCode.OK);
        Files.delete(directory.resolve("bundle/rootfs/etc/one"));
        Files.writeString(directory.resolve("bundle/rootfs/etc/three"), "3");
        assertThat(run("image", "pack", "bundle", "oci:out:v2")).as(err()).isEqualTo(ExitCode.OK);

        shell("umoci unpack --image out:v2 theirs");
        assertThat(directory.resolve("theirs/rootfs/etc/three")).hasContent("3");
        assertThat(directory.resolve("theirs/rootfs/etc/one")).doesNotExist();
        shell("rm theirs/rootfs/etc/two; umoci repack --image out:v3 theirs");

        assertThat(run("image", "validate", "oci:out:v3")).as(out()).isEqualTo(ExitCode.OK);
        assertThat(run("image", "unpack", "oci:out:v3", "ours")).as(err()).isEqualTo(ExitCode.OK);
        assertThat(directory.resolve("ours/rootfs/etc/two")).doesNotExist();
        assertThat(directory.resolve("ours/rootfs/etc/three")).hasContent("3");
    }

    @Test
    void validatingNamesEveryBrokenClaim() throws IOException {
        assertThat(run("image", "validate", "app", IMAGE)).as(err()).isEqualTo(ExitCode.OK);
        assertThat(out()).isEqualTo("app: valid\n" + IMAGE + ": valid\n");

        assertThat(run("image", "unpack", IMAGE, "bundle")).isEqualTo(ExitCode.OK);
        assertThat(run("image", "pack", "bundle", "oci:out")).isEqualTo(ExitCode.OK);
        try (var blobs = Files.list(directory.resolve("out/blobs/sha256"))) {
            for (Path blob : (Iterable<Path>) blobs::iterator) {
                byte[] bytes = Files.readAllBytes(blob);
                if (bytes[0] == 0x1f) {
                    bytes[bytes.length - 1] ^= 1;
                    Files.write(blob, bytes);
                }
            }
        }
        assertThat(run("image", "validate", "oci:out")).isEqualTo(ExitCode.BUILD_FAILED);
        assertThat(out().lines()).hasSize(2).allMatch(line -> line.startsWith("oci:out: "));
        assertThat(err()).contains("not valid: oci:out").hasLineCount(1);
    }

    /** The first layer is whole and the second is not, so that there is something which could stay. */
    @Test
    void nothingOfARefusedImageStaysBehind() throws IOException {
        Files.createDirectory(directory.resolve("empty"));
        Files.writeString(directory.resolve("ctx/Dockerfile"), "FROM scratch\nCOPY etc/one /\nCOPY etc /etc\n");
        assertThat(run("-q", "-t", "app", "ctx")).as(err()).isEqualTo(ExitCode.OK);
        List<Path> before = everything();

        for (String[] words : new String[][] {
            {"image", "unpack", "--layer-limit=maxEntries=1", IMAGE, "refused"},
            {"image", "unpack", "--layer-limit=maxEntries=1", IMAGE, "empty"},
            {"image", "unpack", "--layer-limit=maxEntries=1", "--raw", IMAGE, "refused"}
        }) {
            assertThat(run(words)).isEqualTo(ExitCode.REGISTRY);
            assertThat(err()).contains(" is refused: etc/").hasLineCount(1);
            assertThat(everything()).isEqualTo(before);
        }
    }

    @Test
    void whatIsRefusedWhilePackingIsToldWithItsImageAndLeavesNothing() throws IOException {
        assertThat(run("image", "unpack", IMAGE, "bundle")).as(err()).isEqualTo(ExitCode.OK);
        List<Path> before = everything();

        assertThat(run("image", "pack", "--layer-limit=maxEntries=1", "bundle", "oci:out"))
                .isEqualTo(ExitCode.REGISTRY);
        assertThat(err())
                .matches("ERROR: layer sha256:[0-9a-f]{64} of oci:" + directory
                        + "/store:docker\\.io/library/app:latest is refused: etc/one: more than 1 entries \\(maxEntries\\);"
                        + " --layer-limit maxEntries=N lets it have more\n");
        assertThat(everything()).filteredOn(path -> !path.startsWith("out")).isEqualTo(before);
    }

    private List<Path> everything() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(directory::relativize).sorted().toList();
        }
    }

    @Test
    void anImageUnpacksOnlyWhereNothingIs() throws IOException {
        Files.createDirectory(directory.resolve("full"));
        Files.createFile(directory.resolve("full/file"));
        assertThat(run("image", "unpack", IMAGE, "full")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("is not empty").hasLineCount(1);
        assertThat(run("image", "unpack", "app", "new")).isEqualTo(ExitCode.USAGE);
        assertThat(run("image", "unpack", IMAGE)).isEqualTo(ExitCode.USAGE);
        assertThat(run("image", "unpack", "oci:store:none", "new")).isEqualTo(ExitCode.USAGE);
    }

    private void shell(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-ec", command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("shell.log").toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(directory.resolve("shell.log")))
                .isZero();
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
