package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.core.api.BuildException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users and groups of an image, whose own files name them and may lie. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class IdsTest {
    private SourceFolder image;

    @BeforeEach
    void open(@TempDir Path folder) throws IOException {
        image = SourceFolder.in(folder.resolve("image")).file("etc/passwd", """
                        root:x:0:0:root:/root:/bin/sh
                        app:x:1000:1001::/home/app:
                        broken
                        bad:x:abc:1::/:
                        wrap:x:4294967295:0::/:
                        nohome:x:7:8::::
                        """).file("etc/group", """
                        root:x:0:
                        apps:x:1001:
                        extra:x:50:app,other
                        audio:x:29:other,app
                        mine:x:1001:app
                        """);
    }

    @AfterEach
    void close() throws IOException {
        image.close();
    }

    @Test
    void anOwnerIsAUserAndAGroupByNameOrNumber() throws Exception {
        assertThat(ids().owner("app")).isEqualTo(new Owner(1000, 1001));
        assertThat(ids().owner("app:extra")).isEqualTo(new Owner(1000, 50));
        assertThat(ids().owner("5:extra")).isEqualTo(new Owner(5, 50));
        assertThat(ids().owner("app:6")).isEqualTo(new Owner(1000, 6));
        assertThat(ids().owner("5")).isEqualTo(new Owner(5, 5));
    }

    @Test
    void aNamedUserHasItsGroupsAndItsHome() throws Exception {
        assertThat(ids().identity("app"))
                .isEqualTo(new Ids.Identity(1000, 1001, List.of(29L, 50L, 1001L), "/home/app"));
    }

    @Test
    void aNumberOfTheDatabaseIsThatUser() throws Exception {
        assertThat(ids().identity("1000")).isEqualTo(ids().identity("app"));
    }

    @Test
    void anotherNumberHasGroupZeroAlone() throws Exception {
        assertThat(ids().identity("1234")).isEqualTo(new Ids.Identity(1234, 0, List.of(0L), "/"));
    }

    @Test
    void aGivenGroupReplacesThoseOfTheUser() throws Exception {
        assertThat(ids().identity("app:extra")).isEqualTo(new Ids.Identity(1000, 50, List.of(50L), "/home/app"));
    }

    @Test
    void noUserIsRootWithItsHome() throws Exception {
        assertThat(ids().identity("").uid()).isZero();
        assertThat(ids().identity("").home()).isEqualTo("/root");
        assertThat(new Ids(UserDatabase.EMPTY).identity("").home()).isEqualTo("/root");
        assertThat(ids().identity("nohome").home()).isEqualTo("/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody-here", "bad", "wrap", "broken", "4294967295", "99999999999"})
    void anUnknownUserFailsInsteadOfBecomingRoot(String user) throws Exception {
        Ids ids = ids();

        assertThatThrownBy(() -> ids.owner(user))
                .isInstanceOf(BuildException.class)
                .hasMessageContaining("no user \"" + user + "\"");
        assertThatThrownBy(() -> ids.identity(user)).isInstanceOf(BuildException.class);
    }

    @Test
    void anUnknownGroupFails() throws Exception {
        Ids ids = ids();

        assertThatThrownBy(() -> ids.owner("app:none"))
                .isInstanceOf(BuildException.class)
                .hasMessageContaining("no group \"none\"");
    }

    @Test
    void onlyNumbersAreNumeric() {
        assertThat(List.of("1", "1:2", "0:0")).allMatch(Ids::isNumeric);
        assertThat(List.of("a", "1:a", "a:1", "-1", "1:", "", "4294967295")).noneMatch(Ids::isNumeric);
    }

    @Test
    void aHugePasswdIsRefused() throws Exception {
        image.file("etc/passwd", "x".repeat((1 << 20) + 1));

        assertThatThrownBy(this::ids).isInstanceOf(BuildException.class).hasMessageContaining("/etc/passwd");
    }

    @Test
    void aFifoInTheirPlaceIsNotWaitedFor() throws Exception {
        Files.delete(image.path.resolve("etc/passwd"));
        image.fifo("etc/passwd");

        assertThat(UserDatabase.read(image.tree).users()).isEmpty();
    }

    @Test
    void aLinkDoesNotLeadToTheFilesOfTheHost() throws Exception {
        Files.delete(image.path.resolve("etc/passwd"));
        image.link("etc/passwd", "../../../../../../../../etc/shadow").file("etc/shadow", "inside:x:9:9::/:\n");

        assertThat(UserDatabase.read(image.tree).users()).containsExactly(new UserDatabase.User("inside", 9, 9, "/"));
    }

    private Ids ids() throws IOException, BuildException {
        return new Ids(UserDatabase.read(image.tree));
    }
}
