package dev.jbuild.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitReferenceTest {
    private static GitReference parse(String source) {
        return GitReference.parse(source).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "https://x.example/a/b.git, https://x.example/a/b.git, '', ''",
        "http://x.example/b.git#main, http://x.example/b.git, main, ''",
        "https://x.example/b.git#v1:sub/dir, https://x.example/b.git, v1, sub/dir",
        "https://x.example/b.git#:sub, https://x.example/b.git, '', sub",
        "git@x.example:a/b.git#f/x:d, git@x.example:a/b.git, f/x, d",
        "deploy@x.example:b, deploy@x.example:b, '', ''",
        "ssh://git@x.example:22/b, ssh://git@x.example:22/b, '', ''",
        "git://x.example/b#r, git://x.example/b, r, ''",
        "https://x.example/b.git?ref=main&subdir=d, https://x.example/b.git, main, d",
        "https://x.example/b.git?tag=v1, https://x.example/b.git, refs/tags/v1, ''",
        "https://x.example/b.git?branch=refs/heads/m, https://x.example/b.git, refs/heads/m, ''",
        "https://x.example/b.git?subdir=a%2Fb#m, https://x.example/b.git, m, a/b",
        "https://x.example/b.git?commit=0123456789, https://x.example/b.git, 0123456789, ''",
    })
    void aRepositoryIsToldFromItsRefAndDirectory(String source, String remote, String ref, String subdir) {
        GitReference reference = parse(source);

        assertThat(reference.remote()).isEqualTo(remote);
        assertThat(reference.ref()).isEqualTo(ref);
        assertThat(reference.subdir()).isEqualTo(subdir);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://x.example/b",
                "http://x.example/b.git/x",
                "file:///r.git",
                "ext::sh -c x",
                "./a@b:c",
                "a",
                "a:b",
                "/srv/r.git",
                "-a@b:c",
                "@x:y",
                "ftp://x/r.git",
                "github.com/a/b"
            })
    void otherSourcesAreNoRepositories(String source) {
        assertThat(GitReference.parse(source)).isEmpty();
    }

    @Test
    void aContextOfGithubMayLackItsScheme() {
        assertThat(GitReference.parseContext("github.com/a/b#m").orElseThrow().remote())
                .isEqualTo("https://github.com/a/b.git");
        assertThat(GitReference.parseContext("github.com/a/b.git").orElseThrow().remote())
                .isEqualTo("https://github.com/a/b.git");
    }

    @Test
    void theQuerySaysWhetherGitAndSubmodulesAreWanted() {
        assertThat(parse("https://x/r.git").keepGitDir()).isEmpty();
        assertThat(parse("https://x/r.git?keep-git-dir").keepGitDir()).contains(true);
        assertThat(parse("https://x/r.git?keep-git-dir=0").keepGitDir()).contains(false);
        assertThat(parse("https://x/r.git").submodules()).isTrue();
        assertThat(parse("https://x/r.git?submodules=false").submodules()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://x/r.git?ref=a#b", "https://x/r.git?tag=a&branch=b", "https://x/r.git?ref=a&ref=a",
                "https://x/r.git?subdir=a#:b", "https://x/r.git?ref=", "https://x/r.git?nonsense=1",
                "https://x/r.git?submodules=maybe", "https://x/r.git?checksum=12", "https://x/r.git#a b",
                "https://x/r.git#--upload-pack=x", "https://x/r.git#a:-b", "https://x/r.git?subdir=a%0ab"
            })
    void whatMakesNoSenseIsRefused(String source) {
        assertThatIllegalArgumentException().isThrownBy(() -> GitReference.parse(source));
    }

    @Test
    void aPasswordIsKeptFromAddressesAndMessages() {
        GitReference reference = parse("https://user:p%40ss@x.example:8443/r.git#main:d");

        assertThat(reference.login()).isEqualTo("user:p@ss");
        assertThat(reference.address()).isEqualTo("https://x.example:8443/r.git");
        assertThat(reference.shown()).isEqualTo("https://x.example:8443/r.git#main:d");
        assertThat(parse("ssh://git@x.example/r").address()).isEqualTo("ssh://git@x.example/r");
        assertThat(parse("ssh://git@x.example/r").login()).isEmpty();
    }

    @Test
    void anotherChecksumIsTheSamePlaceOtherwise() {
        GitReference reference = parse("https://x/r.git#v1:d");

        assertThat(reference.withChecksum("0123456"))
                .isEqualTo(new GitReference("https://x/r.git", "v1", "d", "0123456", Optional.empty(), true));
    }
}
