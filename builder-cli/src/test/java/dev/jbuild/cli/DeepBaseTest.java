package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.tar.TarLayerReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Builds on a base with directories in each other, deeper than a path can tell a call of the kernel (PATH_MAX). */
@Tag("root")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DeepBaseTest {
    private static final int DEEP = 2_100;
    private static final String DEEPEST = "d" + "/d".repeat(DEEP - 1);

    /** What a call is told at a time. */
    private static final int HOP = 100;

    @TempDir
    Path folder;

    /** JUnit goes by path. */
    @AfterEach
    void removeTheStore() throws Exception {
        Process remover =
                new ProcessBuilder("rm", "-rf", folder.resolve("store").toString()).start();
        assertThat(remover.waitFor()).isZero();
    }

    @Test
    void aTreeDeeperThanAnyPathIsBuiltOnCopiedAndWritten() throws Exception {
        assumeThat(System.getProperty("user.name"))
                .as("needs root: steps run with all their namespaces")
                .isEqualTo("root");
        writeBase();
        Path context = Files.createDirectory(folder.resolve("context"));
        Files.writeString(context.resolve("file"), "of the context\n");
        Files.write(
                folder.resolve("Dockerfile"),
                List.of(
                        "FROM deep",
                        "RUN for i in $(busybox seq " + DEEP / HOP + "); do cd -P ./" + "/d".repeat(HOP)
                                + "; done; echo $i > made",
                        "ADD file /" + DEEPEST + "/added",
                        "FROM scratch",
                        "COPY --from=0 / /copy/"));

        InProcessJbuild.Ended ended = new InProcessJbuild(folder.resolve("store"))
                .command(
                        folder,
                        "build",
                        "--progress=plain",
                        "--build-context=deep=oci-layout://" + folder.resolve("layout"),
                        "--output=type=tar,dest=" + folder.resolve("deep.tar"),
                        "-f=Dockerfile",
                        "context");

        assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.OK);
        assertThat(deepest()).containsExactly("copy/" + DEEPEST + "/added", "copy/" + DEEPEST + "/made");
    }

    private void writeBase() throws IOException {
        HostileBase base = new HostileBase();
        for (int level = 0; level < DEEP; level++) {
            base.directory(DEEPEST.substring(0, 2 * level + 1));
        }
        base.writeTo(folder.resolve("layout"));
    }

    /** What the tar has in the deepest directory. */
    private List<String> deepest() throws IOException {
        List<String> found = new ArrayList<>();
        try (InputStream in = Files.newInputStream(folder.resolve("deep.tar"))) {
            new TarLayerReader(in, LayerLimits.defaults(), "the tar").writeTo((entry, content) -> {
                if (entry.path().parent().toString().endsWith(DEEPEST)) {
                    found.add(entry.path().toString());
                }
            });
        }
        return found;
    }
}
