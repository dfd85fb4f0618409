package dev.jbuild.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.Grants;
import dev.jbuild.core.api.Secret;
import dev.jbuild.core.plan.GitReference;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GitLoginsTest {
    private static final Secret TOKEN = new Secret("GIT_AUTH_TOKEN", "token".getBytes(StandardCharsets.UTF_8));

    private static Optional<GitLogin> login(String address) throws BuildException {
        Grants grants = new Grants(Set.of(), List.of(TOKEN), List.of());
        return new GitLogins(grants).of(GitReference.parse(address).orElseThrow());
    }

    @Test
    void aTokenGoesToTheRepositoryAlone() throws BuildException {
        GitLogin login = login("https://git.test/a/b.git#main").orElseThrow();

        assertThat(login.settings())
                .containsEntry(
                        "http.https://git.test/a/b.git.extraHeader",
                        "Authorization: Basic eC1hY2Nlc3MtdG9rZW46dG9rZW4=")
                .containsEntry("http.followRedirects", "false");
    }

    @Test
    void whereSubmodulesAreOfTheSameOwnersItGoesToTheWholeHost() throws BuildException {
        assertThat(login("https://github.com/a/b.git").orElseThrow().scope()).isEqualTo("https://github.com/");
    }

    @Test
    void theLoginInAnAddressComesFirst() throws BuildException {
        assertThat(login("https://me:pass@git.test/a.git").orElseThrow().header())
                .isEqualTo("Basic bWU6cGFzcw==");
    }

    @Test
    void sshHasKeysOfItsOwn() throws BuildException {
        assertThat(login("git@git.test:a/b.git")).isEmpty();
        assertThat(login("ssh://git.test/a/b.git")).isEmpty();
    }

    @Test
    void whatAServerSaysBackIsHidden() throws BuildException {
        GitLogin login = login("https://git.test/a/b.git").orElseThrow();

        assertThat(login.hiddenIn("remote: token is wrong (eC1hY2Nlc3MtdG9rZW46dG9rZW4=)"))
                .isEqualTo("remote: *** is wrong (***)");
        assertThat(login).asString().doesNotContain("token").doesNotContain("eC1h");
    }
}
