package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildRequest;
import dev.jbuild.core.api.ContextSource;
import dev.jbuild.core.api.DockerfileSource;
import dev.jbuild.core.api.Grants;
import dev.jbuild.core.api.NamedContext;
import dev.jbuild.core.api.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Secrets that log in to git servers, with a server that wants a token. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class GitAuthTest {
    private static final String TOKEN = "t0k3n-of-a-test";
    private static final String ENCODED =
            Base64.getEncoder().encodeToString(("x-access-token:" + TOKEN).getBytes(StandardCharsets.UTF_8));

    private Path folder;
    private TestBuilds builds;
    private GitServer server;
    private GitWeb web;

    @BeforeEach
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        builds = new TestBuilds(folder);
        server = new GitServer(folder);
        server.repository("app")
                .write("top", "1")
                .write("Dockerfile", "FROM scratch\nCOPY top /\n")
                .push();
        web = new GitWeb(server.served(), "x-access-token:" + TOKEN);
    }

    @AfterEach
    void stop() throws Exception {
        web.close();
        builds.close();
        server.close();
    }

    private static Grants secret(String id, String value) {
        return secrets(new Secret(id, value.getBytes(StandardCharsets.UTF_8)));
    }

    private static Grants secrets(Secret... secrets) {
        return new Grants(Set.of(), List.of(secrets), List.of());
    }

    private String added(Grants grants) throws Exception {
        return builds.build(
                        draft -> draft.grants(grants),
                        "FROM scratch",
                        "ADD --keep-git-dir " + web.url("", "app") + " /")
                .last()
                .content("top");
    }

    @Test
    void aTokenLogsInAndIsNeitherShownNorKept() throws Exception {
        assertThat(added(secret("GIT_AUTH_TOKEN", TOKEN + "\n"))).isEqualTo("1");

        assertThat(builds.events.said).noneMatch(said -> said.contains(TOKEN) || said.contains(ENCODED));
        assertThat(filesThatHold(TOKEN)).isEmpty();
        assertThat(filesThatHold(ENCODED)).isEmpty();
    }

    private List<Path> filesThatHold(String text) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("store"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> holds(file, text))
                    .toList();
        }
    }

    private static boolean holds(Path file, String text) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aHeaderLogsInAsItIs() throws Exception {
        assertThat(added(secret("GIT_AUTH_HEADER", "Basic " + ENCODED))).isEqualTo("1");
    }

    @Test
    void aSecretOfTheHostComesBeforeOneForAll() throws Exception {
        Secret own = new Secret("GIT_AUTH_TOKEN." + web.host(), TOKEN.getBytes(StandardCharsets.UTF_8));
        Secret common = new Secret("GIT_AUTH_HEADER", "basic d3Jvbmc=".getBytes(StandardCharsets.UTF_8));

        assertThat(added(secrets(common, own))).isEqualTo("1");
    }

    @Test
    void aSecretOfAnotherHostIsNotSent() {
        assertThatThrownBy(() -> added(secret("GIT_AUTH_TOKEN.elsewhere.test", TOKEN)))
                .isInstanceOf(BuildException.class)
                .hasMessageContaining("git ls-remote of " + web.url("", "app") + " failed");
    }

    @Test
    void aTokenThatIsRefusedIsNotInTheMessage() {
        assertThatThrownBy(() -> added(secret("GIT_AUTH_TOKEN", "wr0ng")))
                .isInstanceOf(BuildException.class)
                .hasMessageNotContaining("wr0ng")
                .hasMessageNotContaining(
                        Base64.getEncoder().encodeToString("x-access-token:wr0ng".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whatWouldBeginAHeaderOfItsOwnIsRefused() {
        assertThatThrownBy(() -> added(secret("GIT_AUTH_HEADER", "basic x\r\nHost: elsewhere.test")))
                .hasMessageEndingWith(
                        "the secret GIT_AUTH_HEADER logs in to no git server: it is more than one line or has control characters");
    }

    @Test
    void aContextAndANamedContextAreFetchedWithTheTokenToo() throws Exception {
        BuildRequest.Draft draft = BuildRequest.of(
                new ContextSource.Remote(web.url("", "app")), new DockerfileSource.InContext(Optional.empty()));
        assertThat(builds.build(draft.grants(secret("GIT_AUTH_TOKEN", TOKEN)).build())
                        .last()
                        .lines())
                .containsExactly("file 644 0:0 top");

        assertThat(builds.build(
                                named -> named.namedContext("src", new NamedContext.Remote(web.url("", "app")))
                                        .grants(secret("GIT_AUTH_TOKEN", TOKEN)),
                                "FROM scratch",
                                "COPY --from=src top /named")
                        .last()
                        .lines())
                .containsExactly("file 644 0:0 named");
    }
}
