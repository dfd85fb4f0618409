package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** ADD of http addresses, from a server on loopback to the layer. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class AddFromWebTest {
    private static final String HELLO =
            Digest.of("hello".getBytes(StandardCharsets.UTF_8)).toString();

    private TestBuilds builds;
    private WebServer server;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        builds = new TestBuilds(folder);
        server = new WebServer().file("/dir/hello.txt", "hello");
    }

    @AfterEach
    void stop() throws IOException {
        builds.close();
        server.close();
    }

    private BuildException failure(String... lines) {
        return catchThrowableOfType(BuildException.class, () -> builds.build(lines));
    }

    @Test
    void aFileIsRootsWithMode600AndTheServersDate() throws Exception {
        RecordedLayer layer = builds.build("FROM scratch", "ADD " + server.url("/dir/hello.txt") + " /d/")
                .last();

        assertThat(layer.lines()).containsExactly("directory 755 0:0 d", "file 600 0:0 d/hello.txt");
        assertThat(layer.content("d/hello.txt")).isEqualTo("hello");
        assertThat(layer.entry("d/hello.txt").mtime())
                .isEqualTo(new Timestamp(Instant.parse("2026-09-01T00:00:00Z").getEpochSecond(), 0));
    }

    @Test
    void aDestinationWithoutSlashIsTheFilesName() throws Exception {
        assertThat(builds.build("FROM scratch", "ADD " + server.url("/dir/hello.txt?x=y#z") + " /a/b")
                        .last()
                        .lines())
                .containsExactly("directory 755 0:0 a", "file 600 0:0 a/b");
    }

    @Test
    void chownAndChmodAreApplied() throws Exception {
        assertThat(builds.build(
                                "FROM scratch",
                                "ADD --chown=1:2 --chmod=0755 --link " + server.url("/dir/hello.txt") + " /h")
                        .last()
                        .lines())
                .containsExactly("file 755 1:2 h");
    }

    @Test
    void anUnchangedFileIsAskedAboutOnceAndTheStepIsCached() throws Exception {
        String add = "ADD " + server.url("/dir/hello.txt") + " /";
        TestBuilds.Built first = builds.build("FROM scratch", add);
        TestBuilds.Built second = builds.build("FROM scratch", add);

        assertThat(second.result()).isEqualTo(first.result());
        assertThat(server.log()).containsExactly("200 GET /dir/hello.txt", "304 GET /dir/hello.txt");
        assertThat(builds.events.cached).containsExactly("fetching " + server.url("/dir/hello.txt"), "[1/1] " + add);
    }

    @Test
    void aChangedFileIsFetchedAndAddedAnew() throws Exception {
        String[] lines = {"FROM scratch", "ADD " + server.url("/dir/hello.txt") + " /"};
        builds.build(lines);
        server.file("/dir/hello.txt", "other");

        assertThat(builds.build(lines).last().content("hello.txt")).isEqualTo("other");
    }

    @Test
    void noCacheFetchesAnew() throws Exception {
        String[] lines = {"FROM scratch", "ADD " + server.url("/dir/hello.txt") + " /"};
        builds.build(lines);
        builds.build(draft -> draft.noCache(true), lines);

        assertThat(server.log()).containsExactly("200 GET /dir/hello.txt", "200 GET /dir/hello.txt");
    }

    @Test
    void aFileOfAKnownChecksumIsNotEvenAskedAbout() throws Exception {
        String[] lines = {"FROM scratch", "ADD --checksum=" + HELLO + " " + server.url("/dir/hello.txt") + " /"};
        builds.build(lines);
        builds.build(lines);

        assertThat(server.log()).hasSize(1);
    }

    @Test
    void aChecksumThatDiffersIsAnErrorWithBothDigestsAndTheLine() {
        String wrong = "sha256:" + "0".repeat(64);

        assertThat(failure("FROM scratch", "", "ADD --checksum=" + wrong + " " + server.url("/dir/hello.txt") + " /"))
                .hasMessage("Dockerfile:3: " + server.url("/dir/hello.txt")
                        + " is not what --checksum says: its content hashes to " + HELLO + ", not to " + wrong)
                .satisfies(e -> assertThat(e.excerpt().orElseThrow()).contains("3 | >>> ADD"));
    }

    @Test
    void aFileThatIsNotThereIsAnErrorWithItsLine() {
        assertThat(failure("FROM scratch", "ADD " + server.url("/none") + " /"))
                .hasMessageStartingWith("Dockerfile:2: GET " + server.url("/none") + ": the server answers 404");
    }

    @Test
    void theServersWishForANameIsNotHeard() throws Exception {
        server.file("/x", "x").saying("Content-Disposition", "attachment; filename=\"../../etc/passwd\"");

        assertThat(builds.build("FROM scratch", "ADD " + server.url("/x") + " /d/")
                        .last()
                        .lines())
                .containsExactly("directory 755 0:0 d", "file 600 0:0 d/x");
    }

    @Test
    void anAddressWithoutANameMakesAnUnnamedFile() throws Exception {
        server.file("/", "index");

        assertThat(builds.build("FROM scratch", "ADD " + server.url("/") + " /d/")
                        .last()
                        .lines())
                .containsExactly("directory 755 0:0 d", "file 600 0:0 d/__unnamed__");
    }

    @Test
    void aNameWithEncodedSlashesAndDotsStaysOneName() throws Exception {
        server.file("/a/../../b", "x");

        assertThat(builds.build("FROM scratch", "ADD " + server.url("/a%2F..%2F..%2Fb") + " /d/")
                        .last()
                        .lines())
                .containsExactly("directory 755 0:0 d", "file 600 0:0 d/b");
    }

    @Test
    void filesOfTheContextAndTheWebGoIntoOneLayer() throws Exception {
        Files.writeString(builds.context().resolve("local"), "local");
        server.file("/local", "remote");

        TestBuilds.Built built = builds.build(
                "FROM scratch", "ADD local " + server.url("/dir/hello.txt") + " " + server.url("/local") + " /d/");

        assertThat(built.layers()).hasSize(1);
        assertThat(built.last().lines())
                .containsExactly("directory 755 0:0 d", "file 600 0:0 d/hello.txt", "file 600 0:0 d/local");
        assertThat(built.last().content("d/local")).isEqualTo("remote");
    }

    @Test
    void anArchiveFromTheWebIsNotUnpackedUnlessItIsSaid() throws Exception {
        byte[] gzip = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        server.file("/a.tar.gz", gzip);

        assertThat(builds.build("FROM scratch", "ADD " + server.url("/a.tar.gz") + " /d/")
                        .last()
                        .lines())
                .containsExactly("directory 755 0:0 d", "file 600 0:0 d/a.tar.gz");
    }

    @Test
    void anAddressThatIsNoneIsAnErrorWithItsLine() {
        assertThat(failure("FROM scratch", "ADD [\"http://h/a b\", \"/\"]"))
                .hasMessageStartingWith("Dockerfile:2: not an address: http://h/a b");
    }
}
