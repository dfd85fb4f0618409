package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No disk has as much free as these builds are to leave of it. */
class SparedDiskTest {
    private static final String RESERVE = "--layer-limit=minFreeBytes=8000000g";
    private static final String RULE = " would have less than 8589934592000000 bytes free (minFreeBytes);"
            + " make room there, as by jbuild prune, or let it take more by --layer-limit minFreeBytes=N\n";

    @TempDir
    Path folder;

    private Path context;

    @BeforeEach
    void makeContext() throws IOException {
        context = Files.createDirectory(folder.resolve("context"));
    }

    @Test
    void aBaseThatWouldTakeMoreOfItIsRefusedAndNothingOfItStays() throws Exception {
        Path layout = folder.resolve("layout");
        new HostileBase().writeTo(layout);
        InProcessJbuild.Ended ended = build(
                List.of("FROM base", "COPY --chown=app Dockerfile /x"), "--build-context=base=oci-layout://" + layout);

        assertThat(ended.code()).isEqualTo(ExitCode.STORE);
        assertThat(ended.err())
                .containsPattern(
                        "ERROR: Dockerfile:\\d+: layer sha256:[0-9a-f]{64} of base:latest is refused: [a-z/]+: the disk of "
                                + folder + "/store/")
                .endsWith(RULE);
        assertThat(folder.resolve("store/trees")).isEmptyDirectory();
    }

    @Test
    void anArchiveThatWouldTakeMoreOfItIsRefusedByItsMember() throws Exception {
        Path tree = Files.createDirectory(folder.resolve("tree"));
        Files.writeString(tree.resolve("member"), "content");
        String archive = context.resolve("archive.tar").toString();
        assertThat(new ProcessBuilder("tar", "-C", tree.toString(), "-cf", archive, "member")
                        .start()
                        .waitFor())
                .isZero();
        InProcessJbuild.Ended ended = build(List.of("FROM scratch", "ADD archive.tar /x/"));

        assertThat(ended.code()).isEqualTo(ExitCode.STORE);
        assertThat(ended.err())
                .contains("ERROR: Dockerfile:2: archive /archive.tar is refused: member: the disk of " + folder
                        + "/store/")
                .endsWith(RULE);
    }

    @Test
    void aContextThatWouldTakeMoreOfItIsRefusedByItsFile() throws Exception {
        Path tree = Files.createDirectory(folder.resolve("tree"));
        Files.writeString(tree.resolve("Dockerfile"), "FROM scratch");
        assertThat(new ProcessBuilder(
                                "tar",
                                "-C",
                                tree.toString(),
                                "-cf",
                                folder.resolve("ctx.tar").toString(),
                                "Dockerfile")
                        .start()
                        .waitFor())
                .isZero();
        InProcessJbuild.Ended ended;
        try (InputStream in = Files.newInputStream(folder.resolve("ctx.tar"))) {
            ended = new InProcessJbuild(folder.resolve("store")).command(folder, in, "build", RESERVE, "-");
        }

        assertThat(ended.code()).isEqualTo(ExitCode.STORE);
        assertThat(ended.err())
                .contains("the build context is refused: Dockerfile: the disk of ")
                .endsWith(RULE);
    }

    private InProcessJbuild.Ended build(List<String> dockerfile, String... more)
            throws IOException, InterruptedException {
        Files.write(context.resolve("Dockerfile"), dockerfile);
        List<String> words = new ArrayList<>(List.of("build", "--progress=plain", RESERVE));
        words.addAll(List.of(more));
        words.add(context.toString());
        return new InProcessJbuild(folder.resolve("store")).command(folder, words.toArray(String[]::new));
    }
}
