package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.layer.Timestamp;
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

/** ADD of git repositories, from a git daemon on loopback to the layer. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class AddFromGitTest {
    private Path folder;
    private TestBuilds builds;
    private GitServer server;
    private GitServer.Work work;
    private String commit;

    @BeforeEach
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        builds = new TestBuilds(folder);
        server = new GitServer(folder);
        work = server.repository("app").write("top", "1").write("sub/deep/file", "x");
        Files.createSymbolicLink(work.path().resolve("link"), Path.of("sub/deep"));
        assertThat(work.path().resolve("top").toFile().setExecutable(true)).isTrue();
        commit = work.push();
    }

    @AfterEach
    void stop() throws Exception {
        builds.close();
        server.close();
    }

    private RecordedLayer added(String... words) throws Exception {
        return builds.build("FROM scratch", "ADD " + String.join(" ", words)).last();
    }

    private BuildException failure(String... words) {
        return catchThrowableOfType(BuildException.class, () -> added(words));
    }

    @Test
    void theFilesOfTheDefaultBranchAreAddedWithTheTimeOfTheCommit() throws Exception {
        RecordedLayer layer = added(server.url("app"), "/src");

        assertThat(layer.lines())
                .containsExactly(
                        "directory 755 0:0 src",
                        "symlink src/link -> sub/deep",
                        "directory 755 0:0 src/sub",
                        "directory 755 0:0 src/sub/deep",
                        "file 644 0:0 src/sub/deep/file",
                        "file 755 0:0 src/top");
        Timestamp time = new Timestamp(Instant.parse("2026-09-01T00:00:00Z").getEpochSecond(), 0);
        assertThat(layer.entry("src/top").mtime()).isEqualTo(time);
        assertThat(layer.entry("src/sub").mtime()).isEqualTo(time);
        assertThat(layer.entry("src/link").mtime()).isEqualTo(time);
    }

    @Test
    void aBranchATagAndACommitAreFound() throws Exception {
        work.git("tag", "-a", "-m", "tag", "v1");
        work.git("push", "-q", "origin", "v1");
        work.git("checkout", "-q", "-b", "next");
        work.write("top", "2").push();

        assertThat(added(server.url("app") + "#next", "/").content("top")).isEqualTo("2");
        assertThat(added(server.url("app") + "#v1", "/").content("top")).isEqualTo("1");
        assertThat(added(server.url("app") + "#refs/heads/next", "/").content("top"))
                .isEqualTo("2");
        assertThat(added(server.url("app") + "#" + commit, "/").content("top")).isEqualTo("1");
        assertThat(added(server.url("app") + "?branch=next", "/").content("top"))
                .isEqualTo("2");
        assertThat(added(server.url("app") + "?tag=v1&subdir=sub", "/").lines())
                .containsExactly("directory 755 0:0 deep", "file 644 0:0 deep/file");
    }

    @Test
    void aCommitThatNoBranchEndsInIsFoundToo() throws Exception {
        work.write("top", "2").push();

        assertThat(added(server.url("app") + "#" + commit, "/").content("top")).isEqualTo("1");
    }

    @Test
    void aCommitThatIsNowhereIsAnErrorWithItsLine() {
        assertThat(failure(server.url("app") + "#" + "0123456789".repeat(4), "/"))
                .hasMessageStartingWith("Dockerfile:2: ")
                .hasMessageEndingWith(": commit 0123456789012345678901234567890123456789 is in no branch or tag");
    }

    @Test
    void aBranchThatIsNotThereIsAnErrorWithItsLine() {
        assertThat(failure(server.url("app") + "#none", "/"))
                .hasMessage("Dockerfile:2: there is no branch, tag or commit \"none\" in " + server.url("app"));
    }

    @Test
    void aBranchThatMovesIsAddedAnewAndOneThatStaysIsCached() throws Exception {
        String[] lines = {"FROM scratch", "ADD " + server.url("app") + "#main /"};
        TestBuilds.Built first = builds.build(lines);
        assertThat(builds.build(lines).result()).isEqualTo(first.result());
        assertThat(builds.events.cached)
                .containsExactly("fetching " + server.url("app") + "#main", "[1/1] " + lines[1]);

        work.write("top", "2").push();
        assertThat(builds.build(lines).last().content("top")).isEqualTo("2");
    }

    @Test
    void twoFetchesOfACommitGiveTheSameBytes() throws Exception {
        try (TestBuilds others = new TestBuilds(folder.resolve("other"))) {
            String[] lines = {"FROM scratch", "ADD --keep-git-dir=true " + server.url("app") + " /"};
            assertThat(others.build(lines).last().lines())
                    .isEqualTo(builds.build(lines).last().lines());
            assertThat(others.build(draft -> draft.sourceDateEpoch(1), lines)
                            .result()
                            .manifest())
                    .isEqualTo(builds.build(draft -> draft.sourceDateEpoch(1), lines)
                            .result()
                            .manifest());
        }
    }

    @Test
    void theGitDirectoryIsKeptOnlyWhenItIsWantedAndThenWorks() throws Exception {
        assertThat(added(server.url("app"), "/").lines()).noneMatch(line -> line.contains(".git"));

        RecordedLayer layer = added("--keep-git-dir", server.url("app"), "/");
        assertThat(layer.content(".git/HEAD").strip()).isEqualTo(commit);
        assertThat(layer.lines())
                .noneMatch(line -> line.contains("FETCH_HEAD") || line.contains("hooks") || line.contains("logs"));
        assertThat(added(server.url("app") + "?keep-git-dir=true", "/").lines()).isEqualTo(layer.lines());
    }

    @Test
    void aChecksumIsOfTheCommit() throws Exception {
        assertThat(added("--checksum=" + commit, server.url("app"), "/").content("top"))
                .isEqualTo("1");
        assertThat(added("--checksum=" + commit.substring(0, 10), server.url("app"), "/")
                        .content("top"))
                .isEqualTo("1");
        assertThat(added(server.url("app") + "?checksum=" + commit, "/").content("top"))
                .isEqualTo("1");
        assertThat(failure("--checksum=" + "0".repeat(40), server.url("app"), "/"))
                .hasMessage("Dockerfile:2: " + server.url("app") + " is commit " + commit + ", not " + "0".repeat(40)
                        + " as the checksum says");
    }

    @Test
    void aSubdirectoryMayGoThroughLinksOfTheRepositoryButNotOutOfIt() throws Exception {
        Files.createSymbolicLink(work.path().resolve("out"), folder.resolve("canary"));
        Files.createSymbolicLink(work.path().resolve("up"), Path.of("../../../.."));
        Files.createDirectories(folder.resolve("canary"));
        Files.writeString(folder.resolve("canary/secret"), "secret");
        work.push();

        assertThat(added(server.url("app") + "#:link", "/").lines()).containsExactly("file 644 0:0 file");
        for (String out : new String[] {"out", "up", "..", "sub/../..", "out/../canary"}) {
            assertThat(failure(server.url("app") + "#:" + out, "/"))
                    .as(out)
                    .hasMessageEndingWith(": \"" + out + "\" leads out of the repository");
        }
        assertThat(failure(server.url("app") + "#:none", "/"))
                .hasMessageEndingWith("\"none\" is no directory of the repository");
        assertThat(failure(server.url("app") + "#:top", "/"))
                .hasMessageEndingWith("\"top\" is no directory of the repository");
    }

    @Test
    void submodulesComeAlongUnlessTheyAreNotWanted() throws Exception {
        server.repository("lib").write("lib.c", "int x;").push();
        work.git("submodule", "--quiet", "add", server.url("lib"), "lib");
        work.push();

        assertThat(added(server.url("app"), "/").lines())
                .contains("file 644 0:0 lib/lib.c", "file 644 0:0 .gitmodules")
                .noneMatch(line -> line.endsWith("lib/.git"));
        assertThat(added(server.url("app") + "?submodules=false", "/").lines())
                .contains("directory 755 0:0 lib")
                .noneMatch(line -> line.contains("lib.c"));
    }

    @Test
    void aSubmoduleThatIsAFileOfThisMachineOrACommandIsRefused() throws Exception {
        GitServer.Work lib = server.repository("lib");
        String libCommit = lib.write("lib.c", "int x;").push();
        Path canary = folder.resolve("canary");
        for (String url : new String[] {
            server.served().resolve("lib.git").toString(),
            "file://" + server.served().resolve("lib.git"),
            "ext::sh -c touch% " + canary,
            "-u./payload"
        }) {
            work.write(".gitmodules", "[submodule \"lib\"]\n\tpath = lib\n\turl = " + url + "\n");
            work.git("add", ".gitmodules");
            work.git("update-index", "--add", "--cacheinfo", "160000," + libCommit + ",lib");
            work.git("commit", "-q", "-m", "hostile");
            work.git("push", "-q", "origin", "HEAD");

            assertThat(failure(server.url("app"), "/")).as(url).hasMessageContaining("git submodule of");
        }
        assertThat(canary).doesNotExist();
    }

    @Test
    void theFiltersThatARepositoryAsksForAreNotRun() throws Exception {
        work.write(".gitattributes", "* filter=evil diff=evil merge=evil text eol=lf\n")
                .push();

        assertThat(added(server.url("app"), "/").content("top")).isEqualTo("1");
    }

    @Test
    void aRepositoryOfSha256IdsIsFetched() throws Exception {
        String id = server.repository("new", "sha256").write("f", "x").push();

        assertThat(id).hasSize(64);
        assertThat(added(server.url("new"), "/").content("f")).isEqualTo("x");
    }

    @Test
    void aHandfulOfObjectsThatMakeBillionsOfFilesIsRefusedBeforeAnyIsWritten() throws Exception {
        String blob = work.git("hash-object", "-w", "top");
        String tree = blob;
        String kind = "100644 blob ";
        for (int depth = 0; depth < 8; depth++) {
            StringBuilder list = new StringBuilder();
            for (int i = 0; i < 10; i++) {
                list.append(kind)
                        .append(tree)
                        .append('\t')
                        .append('f')
                        .append(i)
                        .append('\n');
            }
            Path input = Files.writeString(folder.resolve("tree"), list);
            tree = mktree(input);
            kind = "040000 tree ";
        }
        String bomb = work.git("commit-tree", "-m", "bomb", tree);
        work.git("push", "-q", "origin", bomb + ":refs/heads/bomb");

        assertThat(failure(server.url("app") + "#bomb", "/"))
                .hasMessageContaining("#bomb is refused: its files are more than 2000000 files (maxEntries)");
    }

    private String mktree(Path input) throws Exception {
        Process process = new ProcessBuilder("git", "mktree")
                .directory(work.path().toFile())
                .redirectInput(input.toFile())
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    }

    @Test
    void aLoginInAnAddressIsUsedAndNeverShownOrKept() throws Exception {
        try (GitWeb web = new GitWeb(server.served())) {
            RecordedLayer layer = added("--keep-git-dir", web.url(GitWeb.LOGIN + "@", "app"), "/");

            assertThat(layer.content("top")).isEqualTo("1");
            assertThat(layer.content(".git/config"))
                    .contains(web.url("", "app"))
                    .doesNotContain("s3cr3t");
            assertThat(failure(web.url(GitWeb.LOGIN + "@", "none"), "/")).hasMessageNotContaining("s3cr3t");
            assertThat(failure(web.url("user:wrong@", "app"), "/")).hasMessageNotContaining("wrong");
            assertThat(builds.events.said.stream().filter(said -> said.startsWith("fetching")))
                    .noneMatch(said -> said.contains("s3cr3t"));
        }
    }

    @Test
    void aServerThatWantsALoginIsNotAnsweredByAPrompt() throws Exception {
        try (GitWeb web = new GitWeb(server.served())) {
            assertThat(failure(web.url("", "app"), "/")).hasMessageContaining("git ls-remote of " + web.url("", "app"));
        }
    }

    @Test
    void aLoginIsNotCarriedToWhereAServerLeads() throws Exception {
        try (GitWeb web = new GitWeb(server.served())) {
            assertThat(failure(web.url(GitWeb.LOGIN + "@", "moved"), "/"))
                    .hasMessageContaining("git ls-remote of " + web.url("", "moved"));
            assertThat(web.log()).containsExactly("302 /moved.git/info/refs");
        }
    }

    @Test
    void aServerThatIsNotThereIsAnErrorThatNamesIt() {
        assertThat(failure("git://127.0.0.1:1/app.git", "/"))
                .hasMessageStartingWith("Dockerfile:2: git ls-remote of git://127.0.0.1:1/app.git failed: fatal:");
    }
}
