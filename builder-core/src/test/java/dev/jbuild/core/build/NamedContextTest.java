package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.NamedContext;
import dev.jbuild.core.api.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Named contexts of every kind, as far as the layers that come of them. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class NamedContextTest {
    private Path folder;
    private Path other;
    private TestBuilds builds;

    @BeforeEach
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        builds = new TestBuilds(folder);
        other = Files.createDirectories(folder.resolve("other"));
        Files.createDirectories(other.resolve("dir"));
        Files.writeString(other.resolve("dir/file"), "x");
        Files.writeString(other.resolve("secret"), "secret");
        Files.writeString(other.resolve(".dockerignore"), "secret\n");
    }

    @AfterEach
    void stop() throws IOException {
        builds.close();
    }

    private TestBuilds.Built with(String name, NamedContext context, String... lines) throws Exception {
        return builds.build(draft -> draft.namedContext(name, context), lines);
    }

    @Test
    void aDirectoryIsCopiedFromLessWhatItsOwnRulesExclude() throws Exception {
        NamedContext directory = new NamedContext.Directory(other);

        assertThat(with("assets", directory, "FROM scratch", "COPY --from=assets / /a/")
                        .last()
                        .lines())
                .containsExactly(
                        "directory 755 0:0 a",
                        "file 644 0:0 a/.dockerignore",
                        "directory 755 0:0 a/dir",
                        "file 644 0:0 a/dir/file");
        assertThat(catchThrowableOfType(
                        BuildException.class,
                        () -> with("assets", directory, "FROM scratch", "COPY --from=assets /secret /")))
                .hasMessageContaining("\"/secret\" is not in");
    }

    @Test
    void aDirectoryIsAFilesystemToStartFrom() throws Exception {
        TestBuilds.Built built = with("base", new NamedContext.Directory(other), "FROM base", "COPY <<n /n", "n");

        assertThat(built.layers()).hasSize(2);
        assertThat(built.layers().getFirst().lines()).contains("file 644 0:0 dir/file");
    }

    @Test
    void aRepositoryIsAFilesystemToStartFromAndGivesTheSameImageAgain() throws Exception {
        try (GitServer git = new GitServer(folder)) {
            git.repository("app").write("x", "x").push();
            NamedContext context = new NamedContext.Remote(git.url("app"));
            TestBuilds.Built first = with("base", context, "FROM base");

            assertThat(first.last().lines()).containsExactly("file 644 0:0 x");
            assertThat(with("base", context, "FROM base").result()).isEqualTo(first.result());
        }
    }

    @Test
    void anUnchangedDirectoryKeepsTheStepsCached() throws Exception {
        NamedContext directory = new NamedContext.Directory(other);
        String[] lines = {"FROM scratch", "COPY --from=assets /dir/file /f"};
        TestBuilds.Built first = with("assets", directory, lines);
        TestBuilds.Built second = with("assets", directory, lines);
        Files.writeString(other.resolve("dir/file"), "y");

        assertThat(second.result()).isEqualTo(first.result());
        assertThat(builds.events.cached).containsExactly("[1/1] " + lines[1]);
        assertThat(with("assets", directory, lines).last().content("f")).isEqualTo("y");
    }

    @Test
    void aDirectoryWhoseTreeTheStoreLostIsCopiedAnew() throws Exception {
        NamedContext directory = new NamedContext.Directory(other);
        with("assets", directory, "FROM scratch", "COPY --from=assets /dir/file /f");
        builds.close();
        GitServer.run(folder, "sh", "-c", "rm -rf store/trees/*");
        builds = new TestBuilds(folder);

        assertThat(with("assets", directory, "FROM scratch", "COPY --from=assets /dir/file /g")
                        .last()
                        .lines())
                .containsExactly("file 644 0:0 g");
    }

    @Test
    void linksOfADirectoryDoNotLeadOutOfIt() throws Exception {
        Path canary = Files.writeString(folder.resolve("canary"), "canary");
        Files.createSymbolicLink(other.resolve("link"), canary);

        assertThat(catchThrowableOfType(
                        BuildException.class,
                        () -> with(
                                "assets",
                                new NamedContext.Directory(other),
                                "FROM scratch",
                                "COPY --from=assets /link /l")))
                .hasMessageContaining("\"/link\" is not in");
    }

    @Test
    void anImageOfALayoutIsABase() throws Exception {
        Path layout = folder.resolve("layout.tar");
        builds.build(
                draft -> draft.output(new Output(Output.Kind.OCI, Optional.of(layout))),
                "FROM scratch",
                "ENV from=layout",
                "COPY <<n /n",
                "n");
        Path unpacked = Files.createDirectories(folder.resolve("layout"));
        GitServer.run(folder, "tar", "-xf", layout.toString(), "-C", unpacked.toString());

        try (TestBuilds others = new TestBuilds(folder.resolve("others"))) {
            NamedContext context = new NamedContext.Layout(unpacked, Optional.empty(), Optional.empty());
            TestBuilds.Built built =
                    others.build(draft -> draft.namedContext("base", context), "FROM base", "COPY <<m /m", "m");
            assertThat(built.layers()).hasSize(2);
            assertThat(built.layers().getFirst().lines()).containsExactly("file 644 0:0 n");

            NamedContext none = new NamedContext.Layout(unpacked, Optional.of("v9"), Optional.empty());
            assertThat(catchThrowableOfType(
                            BuildException.class,
                            () -> others.build(draft -> draft.namedContext("base", none), "FROM base")))
                    .hasMessageContaining("there is no image oci-layout://" + unpacked + ":v9");
        }
    }

    @Test
    void aFileOfTheWebAndARepositoryAreCopiedFrom() throws Exception {
        try (WebServer web = new WebServer().file("/f.txt", "f");
                GitServer git = new GitServer(folder)) {
            git.repository("app").write("sub/x", "x").push();

            assertThat(with(
                                    "web",
                                    new NamedContext.Remote(web.url("/f.txt")),
                                    "FROM scratch",
                                    "COPY --from=web context /f")
                            .last()
                            .lines())
                    .containsExactly("file 600 0:0 f");
            assertThat(with(
                                    "code",
                                    new NamedContext.Remote(git.url("app") + "#main:sub"),
                                    "FROM scratch",
                                    "COPY --from=code / /c/")
                            .last()
                            .lines())
                    .containsExactly("directory 755 0:0 c", "file 644 0:0 c/x");
        }
    }
}
