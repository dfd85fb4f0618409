package dev.jbuild.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.api.BuildResult;
import dev.jbuild.core.api.Output;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.store.PrunePolicy;
import dev.jbuild.layer.tar.TarLayerReader;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.oci.ImageName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Builds without RUN, from the request to the finished image. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EngineTest {
    private static final String[] SIMPLE = {
        "FROM scratch", "COPY . /app/", "WORKDIR /work", "LABEL a=b", "CMD [\"/app/run\"]",
    };

    @TempDir
    Path folder;

    @Test
    void anImageFromScratchIsWhole() throws Exception {
        try (Workplace workplace = new Workplace(folder).file("run", "#!").file("lib/x", "y")) {
            workplace.build(SIMPLE);
            ImageConfig config = workplace.engine.images().config(ImageName.parse("test/image"));

            assertThat(config.config().labels()).containsEntry("a", "b");
            assertThat(config.config().workingDir()).isEqualTo("/work");
            assertThat(config.diffIds()).hasSize(2);
            assertThat(config.history())
                    .extracting(entry -> entry.emptyLayer() + " " + entry.createdBy())
                    .containsExactly(
                            "false COPY . /app/ # buildkit",
                            "false WORKDIR /work",
                            "true LABEL a=b",
                            "true CMD [\"/app/run\"]");
            assertThat(config.history()).allMatch(entry -> entry.comment().equals("buildkit.dockerfile.v0"));
        }
    }

    @Test
    void aRebuildIsCachedAndGivesTheSameImage() throws Exception {
        try (Workplace workplace = new Workplace(folder).file("run", "#!")) {
            BuildResult first = workplace.build(SIMPLE);
            assertThat(workplace.heard.cached).isEmpty();
            BuildResult second = workplace.build(SIMPLE);

            assertThat(second).isEqualTo(first);
            assertThat(workplace.heard.cached).containsExactly("[1/2] COPY . /app/", "[2/2] WORKDIR /work");
        }
    }

    @Test
    void aRebuildByANewEngineIsCachedToo() throws Exception {
        BuildResult first;
        try (Workplace workplace = new Workplace(folder).file("run", "#!")) {
            first = workplace.build(SIMPLE);
        }
        try (Workplace workplace = new Workplace(folder)) {
            assertThat(workplace.build(SIMPLE)).isEqualTo(first);
            assertThat(workplace.heard.cached).hasSize(2);
        }
    }

    @Test
    void aTouchedFileIsStillCachedAndAChangedOneIsNot() throws Exception {
        try (Workplace workplace = new Workplace(folder).file("run", "#!")) {
            BuildResult first = workplace.build(SIMPLE);
            Files.setLastModifiedTime(workplace.context.resolve("run"), FileTime.fromMillis(5_000));
            assertThat(workplace.build(SIMPLE)).isEqualTo(first);

            workplace.file("run", "?!");
            assertThat(workplace.build(SIMPLE).manifest()).isNotEqualTo(first.manifest());
        }
    }

    @Test
    void withoutCacheEveryStepIsDoneAgain() throws Exception {
        try (Workplace workplace = new Workplace(folder).file("run", "#!")) {
            workplace.build(SIMPLE);
            workplace.build(workplace.request(SIMPLE).noCache(true));

            assertThat(workplace.heard.cached).isEmpty();
        }
    }

    @Test
    void aFixedTimeGivesTheSameImageInAnyStore() throws Exception {
        try (Workplace one = new Workplace(folder, "context", "one").file("run", "#!");
                Workplace two = new Workplace(folder, "context", "two")) {
            BuildResult first = one.build(one.request(SIMPLE).sourceDateEpoch(86_400));
            BuildResult second = two.build(two.request(SIMPLE).sourceDateEpoch(86_400));

            assertThat(second.manifest()).isEqualTo(first.manifest());
            assertThat(two.engine.images().config(ImageName.parse("test/image")).created())
                    .contains("1970-01-02T00:00:00Z");
        }
    }

    @Test
    void anImageOfOnlyConfigHasNoLayersAndKeepsItsDigest() throws Exception {
        try (Workplace workplace = new Workplace(folder)) {
            BuildResult first = workplace.build("FROM scratch", "LABEL a=b");

            assertThat(workplace.build("FROM scratch", "LABEL a=b")).isEqualTo(first);
            assertThat(workplace
                            .engine
                            .images()
                            .config(ImageName.parse("test/image"))
                            .diffIds())
                    .isEmpty();
        }
    }

    @Test
    void anEmptyContextIsNoError() throws Exception {
        try (Workplace workplace = new Workplace(folder)) {
            workplace.build("FROM scratch", "COPY . /app/");
        }
    }

    @Test
    void aStageIsCopiedFromAndOnlyItsFilesStay() throws Exception {
        try (Workplace workplace = new Workplace(folder).file("keep", "k").file("drop", "d")) {
            Path tar = folder.resolve("out.tar");
            workplace.build(workplace
                    .request("FROM scratch AS a", "COPY . /all/", "FROM scratch", "COPY --from=a /all/keep /kept")
                    .output(new Output(Output.Kind.TAR, Optional.of(tar))));

            assertThat(names(tar)).containsExactly("kept");
        }
    }

    @Test
    void spacesAndNamesThatAreNotUtf8Travel() throws Exception {
        try (Workplace workplace = new Workplace(folder, "my context", "store").file("a file", "x")) {
            nonUtf8File(workplace.context);
            Path tar = folder.resolve("out.tar");
            workplace.build(workplace
                    .request("FROM scratch", "COPY . /")
                    .output(new Output(Output.Kind.TAR, Optional.of(tar))));

            assertThat(new String(Files.readAllBytes(tar), StandardCharsets.ISO_8859_1))
                    .contains("caf\u00e9")
                    .contains("a file");
        }
    }

    /** Java cannot spell the name; the shell can. */
    private static void nonUtf8File(Path directory) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", "printf x > \"$(printf 'caf\\351')\"")
                .directory(directory.toFile())
                .start();
        assertThat(shell.waitFor()).isZero();
    }

    @Test
    void aFifoInTheContextIsCopiedAndNotWaitedFor() throws Exception {
        try (Workplace workplace = new Workplace(folder)) {
            Path pipe = workplace.context.resolve("pipe");
            assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                    .isZero();

            workplace.build("FROM scratch", "COPY . /");
            workplace.build("FROM scratch", "COPY pipe /pipe");
        }
    }

    @Test
    void aSocketInTheContextBecomesAnEmptyFile() throws Exception {
        try (Workplace workplace = new Workplace(folder).file("x", "")) {
            try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                server.bind(UnixDomainSocketAddress.of(workplace.context.resolve("s")));

                Path out = folder.resolve("out");
                workplace.build(workplace
                        .request("FROM scratch", "COPY . /")
                        .output(new Output(Output.Kind.LOCAL, Optional.of(out))));
                assertThat(out.resolve("s")).isEmptyFile();
            }
        }
    }

    @Test
    void anUnreadableFileIsNamedWithItsCause() throws Exception {
        assumeTrue(!Files.isReadable(Path.of("/etc/shadow")), "root reads every file");
        try (Workplace workplace = new Workplace(folder).file("secret", "x")) {
            Files.setPosixFilePermissions(
                    workplace.context.resolve("secret"), PosixFilePermissions.fromString("---------"));

            assertThatThrownBy(() -> workplace.build("FROM scratch", "COPY . /"))
                    .isInstanceOf(BuildException.class)
                    .hasMessageContaining("secret")
                    .hasMessageContaining("EACCES");
        }
    }

    @Test
    void aMissingSourceIsToldWithTheLinesOfTheDockerfile() throws Exception {
        try (Workplace workplace = new Workplace(folder)) {
            BuildException failure = catchThrowableOfType(
                    BuildException.class, () -> workplace.build("FROM scratch", "", "COPY nowhere /x"));

            assertThat(failure.kind()).isEqualTo(Kind.BUILD);
            assertThat(failure).hasMessage("context.Dockerfile:3: \"/nowhere\" is not in the build context");
            assertThat(failure.excerpt().orElseThrow()).contains(">>> COPY nowhere /x");
        }
    }

    @Test
    void whatIsRefusedFailsWithItsLineAndLeavesNoImage() throws Exception {
        try (Workplace workplace = new Workplace(folder).file("x", "")) {
            BuildException failure = catchThrowableOfType(
                    BuildException.class, () -> workplace.build("FROM scratch", "COPY --chmod=u=q x /y/"));

            assertThat(failure.excerpt().orElseThrow()).contains(">>> COPY --chmod=u=q x /y/");
            assertThat(workplace.engine.images().list()).isEmpty();
        }
    }

    @Test
    void aContextThatIsNoDirectoryIsWrongUsage() throws Exception {
        try (Workplace workplace = new Workplace(folder)) {
            Files.delete(workplace.context);

            assertThatThrownBy(() -> workplace.build("FROM scratch"))
                    .isInstanceOfSatisfying(
                            BuildException.class, e -> assertThat(e.kind()).isEqualTo(Kind.USAGE));
        }
    }

    @Test
    void theLocalOutputIsTheFilesystem() throws Exception {
        try (Workplace workplace = new Workplace(folder).file("d/x", "hello")) {
            Path out = folder.resolve("out");
            workplace.build(workplace
                    .request("FROM scratch", "COPY d/x /first", "COPY d /second", "WORKDIR /third")
                    .output(new Output(Output.Kind.LOCAL, Optional.of(out))));

            assertThat(out.resolve("first")).hasContent("hello");
            assertThat(out.resolve("second/x")).hasContent("hello");
            assertThat(out.resolve("third")).isEmptyDirectory();
        }
    }

    @Test
    void aTarWithoutFileGoesToStandardOutput() throws Exception {
        try (Workplace workplace = new Workplace(folder).file("x", "hello")) {
            workplace.build(workplace
                    .request("FROM scratch", "COPY x /")
                    .output(new Output(Output.Kind.TAR, Optional.empty())));

            assertThat(names(new ByteArrayInputStream(workplace.stdout.toByteArray())))
                    .containsExactly("x");
        }
    }

    @Test
    void twoEnginesBuildSideBySideInOneStore() throws Exception {
        try (Workplace one = new Workplace(folder, "one", "store");
                Workplace two = new Workplace(folder, "two", "store");
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < 20; i++) {
                one.file("f" + i, "same " + i);
                two.file("f" + i, "same " + i);
            }
            Future<BuildResult> first =
                    threads.submit(() -> one.build(one.request(SIMPLE).sourceDateEpoch(0)));
            Future<BuildResult> second =
                    threads.submit(() -> two.build(two.request(SIMPLE).sourceDateEpoch(0)));

            assertThat(first.get().config().size())
                    .isEqualTo(second.get().config().size());
            assertThat(one.engine.images().list()).hasSize(1);
        }
    }

    @Test
    void aPruneLeavesANamedImageWhole() throws Exception {
        BuildResult built;
        try (Workplace workplace = new Workplace(folder).file("x", "1")) {
            built = workplace.build(SIMPLE);
        }
        try (Workplace workplace = new Workplace(folder)) {
            workplace.engine.storeCare().prune(PrunePolicy.unused());
            workplace.validate(built.manifest());
            assertThat(workplace.engine.images().remove(ImageName.parse("test/image")))
                    .isTrue();
            assertThat(workplace.engine.images().remove(ImageName.parse("test/image")))
                    .isFalse();
            assertThat(workplace.engine.storeCare().prune(PrunePolicy.all()).bytes())
                    .isPositive();
        }
    }

    @Test
    void aBuildAfterAPruneOfEverythingStartsAnew() throws Exception {
        try (Workplace workplace = new Workplace(folder).file("x", "1")) {
            workplace.build(SIMPLE);
            workplace.engine.images().remove(ImageName.parse("test/image"));
        }
        try (Workplace workplace = new Workplace(folder)) {
            workplace.engine.storeCare().prune(PrunePolicy.all());
        }
        try (Workplace workplace = new Workplace(folder)) {
            workplace.build(SIMPLE);
        }
    }

    @Test
    void whatCannotBeTidiedUpInTheEndIsAFailureOfTheStore() throws Exception {
        Workplace workplace = new Workplace(folder);
        Path sessions = workplace.store.resolve("sessions");
        Files.move(sessions, folder.resolve("away"));
        Files.createFile(sessions);

        assertThatThrownBy(workplace::close)
                .isInstanceOfSatisfying(
                        BuildException.class, e -> assertThat(e.kind()).isEqualTo(Kind.STORE))
                .hasMessageStartingWith(sessions + ": not a directory");
    }

    private static List<String> names(Path tar) throws IOException {
        try (InputStream in = Files.newInputStream(tar)) {
            return names(in);
        }
    }

    private static List<String> names(InputStream tar) throws IOException {
        List<String> names = new ArrayList<>();
        new TarLayerReader(tar, LayerLimits.defaults(), "output")
                .writeTo((entry, _) -> names.add(entry.path().text()));
        return names;
    }
}
