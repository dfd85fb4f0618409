package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildRequest;
import dev.jbuild.core.api.ContextSource;
import dev.jbuild.core.api.DockerfileSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Contexts from standard input, the web and git, as far as the layer that is copied from them. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ContextOpenerTest {
    private static final String DOCKERFILE = "FROM scratch\nCOPY . /\n";

    private Path folder;
    private TestBuilds builds;

    @BeforeEach
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        builds = new TestBuilds(folder);
    }

    @AfterEach
    void stop() throws IOException {
        builds.close();
    }

    private RecordedLayer stream(byte[] in, String... dockerfile) throws Exception {
        return build(new ContextSource.Stream(new ByteArrayInputStream(in)), dockerfile);
    }

    private RecordedLayer build(ContextSource context, String... dockerfile) throws Exception {
        Optional<String> path = dockerfile.length == 0 ? Optional.empty() : Optional.of(dockerfile[0]);
        return builds.build(BuildRequest.of(context, new DockerfileSource.InContext(path))
                        .build())
                .last();
    }

    private BuildException refusal(byte[] in, String... dockerfile) {
        return catchThrowableOfType(BuildException.class, () -> stream(in, dockerfile));
    }

    private static ContextTars tar() throws IOException {
        return new ContextTars().file("Dockerfile", DOCKERFILE).file("./dir/file", "x");
    }

    @Test
    void anArchiveOnStandardInputIsTheContext() throws Exception {
        RecordedLayer layer = stream(tar().bytes());

        assertThat(layer.lines())
                .containsExactly("file 644 0:0 Dockerfile", "directory 755 0:0 dir", "file 644 0:0 dir/file");
        assertThat(layer.content("dir/file")).isEqualTo("x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gz", "bzip2", "xz", "zstd"})
    void theArchiveMayBeCompressed(String compression) throws Exception {
        byte[] noise = new byte[2 << 20];
        new Random(1).nextBytes(noise);
        String large = new String(noise, StandardCharsets.ISO_8859_1);

        assertThat(stream(tar().file("large", large).bytes(compression)).content("large"))
                .isEqualTo(large);
    }

    @Test
    void theDockerfileOfAnArchiveMayBeNamed() throws Exception {
        byte[] archive =
                tar().file("sub/other", "FROM scratch\nCOPY dir/file /f\n").bytes();

        assertThat(stream(archive, "sub/other").lines()).containsExactly("file 644 0:0 f");
    }

    @Test
    void anArchiveHasItsOwnIgnoreFiles() throws Exception {
        assertThat(stream(tar().file(".dockerignore", "dir\n.dockerignore").bytes())
                        .lines())
                .containsExactly("file 644 0:0 Dockerfile");
        assertThat(stream(tar().file(".dockerignore", "dir\n")
                                .file("Dockerfile.dockerignore", "D*\n.d*\n")
                                .bytes())
                        .lines())
                .containsExactly("directory 755 0:0 dir", "file 644 0:0 dir/file");
    }

    @Test
    void textOnStandardInputIsADockerfileWithoutAnyFile() throws Exception {
        assertThat(stream("FROM scratch\nCOPY <<a /a\nx\na\n".getBytes(StandardCharsets.UTF_8))
                        .lines())
                .containsExactly("file 644 0:0 a");
        assertThat(refusal("FROM scratch\nCOPY x /\n".getBytes(StandardCharsets.UTF_8)))
                .hasMessage("Dockerfile:2: \"/x\" is not in the build context");
        assertThat(refusal(DOCKERFILE.getBytes(StandardCharsets.UTF_8), "other"))
                .hasMessageContaining("-f cannot name another one");
    }

    @Test
    void anArchiveWithoutADockerfileIsAnError() {
        assertThat(catchThrowableOfType(
                        BuildException.class,
                        () -> stream(new ContextTars().file("x", "").bytes())))
                .hasMessage("there is no Dockerfile Dockerfile; name it with -f");
    }

    @Test
    void aDockerfileInLowerCaseIsFoundWhereNoneWasNamed() throws Exception {
        assertThat(stream(new ContextTars().file("dockerfile", DOCKERFILE).bytes())
                        .lines())
                .containsExactly("file 644 0:0 dockerfile");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/../../x", "a/.."})
    void aNameThatClimbsOutOfTheContextIsRefused(String name) throws Exception {
        assertThat(refusal(tar().file(name, "evil").bytes()))
                .hasMessageStartingWith("the build context is refused: " + name);
    }

    @Test
    void membersThroughLinksStayInTheContext() throws Exception {
        Path canary = Files.createDirectories(folder.resolve("canary"));
        byte[] archive = tar().special("out", TarConstants.LF_SYMLINK, canary.toString())
                .file("out/evil", "evil")
                .bytes();

        assertThat(refusal(archive)).isNull();
        assertThat(canary).isEmptyDirectory();
    }

    @Test
    void aDockerfileThatIsALinkOutOfTheContextIsNotRead() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), DOCKERFILE);

        assertThat(refusal(new ContextTars()
                        .special("Dockerfile", TarConstants.LF_SYMLINK, secret.toString())
                        .bytes()))
                .hasMessageContaining("there is no Dockerfile");
        assertThat(refusal(new ContextTars()
                        .file("Dockerfile", DOCKERFILE)
                        .special(".dockerignore", TarConstants.LF_SYMLINK, secret.toString())
                        .bytes()))
                .isNull();
    }

    @Test
    void aHardLinkOutOfTheContextIsRefused() throws Exception {
        assertThat(refusal(tar().special("passwd", TarConstants.LF_LINK, "/etc/passwd")
                        .bytes()))
                .hasMessageStartingWith("the build context is refused: passwd:");
        assertThat(refusal(tar().special("passwd", TarConstants.LF_LINK, "../etc/passwd")
                        .bytes()))
                .hasMessageStartingWith("the build context is refused: passwd:");
    }

    @Test
    void devicesFifosAndWhiteoutsAreRefusedByName() throws Exception {
        assertThat(refusal(tar().special("sda", TarConstants.LF_BLK, "").bytes()))
                .hasMessage("the build context is refused: sda: a build context holds no FIFOs and devices");
        assertThat(refusal(tar().special("pipe", TarConstants.LF_FIFO, "").bytes()))
                .hasMessageStartingWith("the build context is refused: pipe:");
        assertThat(refusal(tar().file("dir/.wh.file", "").bytes()))
                .hasMessageStartingWith("the build context is refused: dir/file: a build context holds no whiteouts");
    }

    @Test
    void aBombIsRefusedByItsRatio() throws Exception {
        byte[] bomb = new ContextTars()
                .file("Dockerfile", DOCKERFILE)
                .file("zeros", "\0".repeat(160 << 20))
                .bytes("bzip2");

        assertThat(bomb.length).isLessThan(64 << 10);
        assertThat(refusal(bomb))
                .hasMessageStartingWith("the build context is refused:")
                .hasMessageContaining("maxRatio");
    }

    @Test
    void aBrokenArchiveIsAnErrorAndLeavesNoDockerfile() throws Exception {
        byte[] whole = tar().file("large", "x".repeat(1 << 20)).bytes();

        assertThat(refusal(Arrays.copyOf(whole, whole.length / 2)))
                .hasMessageStartingWith("the build context is refused:");
    }

    @Test
    void anArchiveFromTheWebIsAContextThatIsDownloadedOnce() throws Exception {
        try (WebServer server = new WebServer().file("/c.tgz", tar().bytes("gz"))) {
            ContextSource context = new ContextSource.Remote(server.url("/c.tgz"));

            assertThat(build(context).content("dir/file")).isEqualTo("x");
            assertThat(build(context).content("dir/file")).isEqualTo("x");
            assertThat(server.log()).containsExactly("200 GET /c.tgz", "304 GET /c.tgz");
        }
    }

    @Test
    void aDockerfileFromTheWebIsItsOwnContext() throws Exception {
        try (WebServer server = new WebServer().file("/D", "FROM scratch\nCOPY context /me\n")) {
            assertThat(build(new ContextSource.Remote(server.url("/D"))).content("me"))
                    .isEqualTo("FROM scratch\nCOPY context /me\n");
        }
    }

    @Test
    void aDockerfileFromTheWebIsBuiltWithTheContextThatIsNamed() throws Exception {
        Path context = Files.createDirectory(folder.resolve("here"));
        Files.writeString(context.resolve("x"), "x");
        Files.writeString(context.resolve("hidden"), "h");
        Files.writeString(context.resolve(".dockerignore"), "hidden\n.d*");
        try (WebServer server = new WebServer().file("/my/Dockerfile.web", "FROM scratch\nCOPY . /\n")) {
            BuildRequest.Draft draft = BuildRequest.of(
                    new ContextSource.Directory(context),
                    new DockerfileSource.Remote(server.url("/my/Dockerfile.web")));

            assertThat(builds.build(draft.build()).last().lines()).containsExactly("file 644 0:0 x");
        }
    }

    @Test
    void aRepositoryIsAContextAndSoIsADirectoryOfIt() throws Exception {
        try (GitServer server = new GitServer(folder)) {
            server.repository("app")
                    .write("Dockerfile", "FROM scratch\nCOPY top /\n")
                    .write("top", "top")
                    .write("sub/Dockerfile", DOCKERFILE)
                    .write("sub/x", "x")
                    .write("sub/.dockerignore", "Docker*\n.d*")
                    .push();

            assertThat(build(new ContextSource.Remote(server.url("app"))).lines())
                    .containsExactly("file 644 0:0 top");
            assertThat(build(new ContextSource.Remote(server.url("app") + "#main:sub"))
                            .lines())
                    .containsExactly("file 644 0:0 x");
            assertThat(build(new ContextSource.Remote(server.url("app") + "?subdir=sub"))
                            .lines())
                    .containsExactly("file 644 0:0 x");
            assertThat(build(new ContextSource.Remote(server.url("app")), "sub/Dockerfile")
                            .lines())
                    .contains("file 644 0:0 sub/x");
        }
    }

    @Test
    void theGitDirectoryOfAContextIsKeptWhenTheArgumentSaysSo() throws Exception {
        try (GitServer server = new GitServer(folder)) {
            server.repository("app").write("Dockerfile", DOCKERFILE).push();
            BuildRequest.Draft draft = BuildRequest.of(
                    new ContextSource.Remote(server.url("app")), new DockerfileSource.InContext(Optional.empty()));

            assertThat(builds.build(draft.build()).last().lines()).noneMatch(line -> line.contains(".git"));
            assertThat(builds.build(draft.buildArg("BUILDKIT_CONTEXT_KEEP_GIT_DIR", "1")
                                    .build())
                            .last()
                            .lines())
                    .contains("file 644 0:0 .git/HEAD");
        }
    }

    @Test
    void anIgnoreFileMustBeARegularOneOfAtMostOneMebibyte() throws Exception {
        Path ignore = builds.context().resolve(".dockerignore");
        GitServer.run(folder, "mkfifo", ignore.toString());
        assertThat(directoryRefusal()).hasMessage("the ignore file .dockerignore is not a regular file");

        Files.delete(ignore);
        Files.createSymbolicLink(ignore, Path.of("/dev/zero"));
        assertThat(directoryRefusal()).isNull();

        Files.delete(ignore);
        Files.writeString(ignore, "#".repeat(1 << 20));
        assertThat(directoryRefusal()).isNull();
        Files.writeString(ignore, "#".repeat((1 << 20) + 1));
        assertThat(directoryRefusal()).hasMessage("the ignore file .dockerignore is longer than 1048576 bytes");
    }

    @Test
    void aLinkedIgnoreFileIsReadInTheContextAndNowhereElse() throws Exception {
        Files.writeString(folder.resolve("outside"), "*\n");
        Files.writeString(builds.context().resolve("inside"), "secret\n");
        Files.writeString(builds.context().resolve("secret"), "x");
        Path ignore = builds.context().resolve(".dockerignore");
        String[] lines = {"FROM scratch", "COPY . /"};

        Files.createSymbolicLink(ignore, Path.of("inside"));
        assertThat(builds.build(lines).last().lines()).noneMatch(line -> line.endsWith("secret"));
        Files.delete(ignore);
        Files.createSymbolicLink(ignore, Path.of("../outside"));
        assertThat(builds.build(lines).last().lines()).contains("file 644 0:0 secret");
    }

    private BuildException directoryRefusal() {
        return catchThrowableOfType(BuildException.class, () -> builds.build("FROM scratch", "COPY secret* /"));
    }

    @Test
    void aDockerfileOfThisMachineGoesWithAnyContext() throws Exception {
        Path file = Files.writeString(folder.resolve("Dockerfile"), "FROM scratch\nCOPY dir/file /f\n");
        ContextSource context = new ContextSource.Stream(new ByteArrayInputStream(tar().bytes()));

        assertThat(builds.build(BuildRequest.of(context, new DockerfileSource.File(file))
                                .build())
                        .last()
                        .lines())
                .containsExactly("file 644 0:0 f");
    }
}
