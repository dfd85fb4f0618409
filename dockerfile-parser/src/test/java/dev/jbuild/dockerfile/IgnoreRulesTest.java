package dev.jbuild.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IgnoreRulesTest {
    @ParameterizedTest
    @CsvSource({
        "foo, foo, true",
        "foo, foo/bar, true",
        "foo, a/foo, false",
        "/foo, foo, true",
        "foo/, foo/bar, true",
        "./foo, foo, true",
        "x/../foo, foo, true",
        "../foo, foo, false",
        "., foo, false",
        "/, foo, false",
        "*, a, true",
        "*, a/b, true",
        "*.go, a.go, true",
        "*.go, a/b.go, false",
        "*/b, a/b, true",
        "*/b, a/c/b, false",
        "?.go, a.go, true",
        "a[x-z], ay, true",
        "**, a/b/c, true",
        "**/, a, true",
        "**/foo, foo, true",
        "**/foo, a/b/foo, true",
        "**/foo, a/xfoo, false",
        "**foo, a/xfoo, true",
        "**f?o, a/xfoo, false",
        "**f?o, a/foo, true",
        "**/*.go, a/b.go, true",
        "**/*.go, b.go, true",
        "foo/**, foo, false",
        "foo/**, foo/a/b, true",
        "foo**, foobar/x, true",
        "foo/**/bar, foo/bar, true",
        "foo/**/bar, foo/a/b/bar, true",
        "foo/**/bar, foo/a/b/xbar, false",
        "**/foo/**/bar, x/foo/y/z/bar, true",
        "a*b**/c, abxb/c, true",
        "a*b**/c, abxbc, true",
        "\\*, a, false",
        "\\*, *, true",
        "a.b, axb, false",
        "'x/../ y', y, true",
        "a+(b){1}$|^, a+(b){1}$|^, true",
    })
    void matchesAPathOrADirectoryAboveIt(String pattern, String path, boolean expected) throws DockerfileException {
        assertThat(rules(pattern).excludes(path)).isEqualTo(expected);
    }

    @Test
    void theLastMatchWins() throws DockerfileException {
        IgnoreRules rules = rules("*.md\n!README*.md\nREADME-secret.md");

        assertThat(rules.excludes("a.md")).isTrue();
        assertThat(rules.excludes("README.md")).isFalse();
        assertThat(rules.excludes("README-secret.md")).isTrue();
        assertThat(rules.excludes("a.txt")).isFalse();
    }

    @Test
    void anExceptionBringsBackWhatLiesBelowAnExcludedDirectory() throws DockerfileException {
        IgnoreRules rules = rules("*\n!src/main");

        assertThat(rules.excludes("src")).isTrue();
        assertThat(rules.excludes("src/main")).isFalse();
        assertThat(rules.excludes("src/main/A.java")).isFalse();
        assertThat(rules.excludes("src/test")).isTrue();
    }

    @Test
    void onlyDirectoriesThatAnExceptionMayReachNeedAWalk() throws DockerfileException {
        IgnoreRules rules = rules("*\n!src/main/*.java");

        assertThat(rules.mayContainIncluded("src")).isTrue();
        assertThat(rules.mayContainIncluded("src/main")).isTrue();
        assertThat(rules.mayContainIncluded("src/main/deep")).isTrue();
        assertThat(rules.mayContainIncluded("src/test")).isFalse();
        assertThat(rules.mayContainIncluded("srcs")).isFalse();
        assertThat(rules("*\n!**/keep").mayContainIncluded("any/where")).isTrue();
        assertThat(rules("src").mayContainIncluded("src")).isFalse();
    }

    @Test
    void anExceptionOfADirectoryDoesNotReachAPatternOfWhatIsInIt() throws DockerfileException {
        // The directory itself was never excluded, so its exception was not asked for: as BuildKit's walk has it.
        assertThat(rules("a/x\n!a").excludes("a/x")).isTrue();
        assertThat(rules("a\n!a").excludes("a/x")).isFalse();
    }

    @Test
    void commentsBlanksAndByteOrderMarksMeanNothing() throws DockerfileException {
        IgnoreRules rules = rules("\uFEFF# comment\n\n   \n  spaced  \r\n #notacomment\n");

        assertThat(rules.excludes("spaced")).isTrue();
        assertThat(rules.excludes("#notacomment")).isTrue();
        assertThat(rules.excludes("# comment")).isFalse();
        assertThat(rules("").isEmpty()).isTrue();
        assertThat(rules("# only\n").isEmpty()).isTrue();
    }

    @Test
    void blanksAroundTheExclamationMarkAreTrimmed() throws DockerfileException {
        assertThat(rules("*\n ! keep ").excludes("keep")).isFalse();
        assertThat(rules("*\n!/keep").excludes("keep")).isFalse();
        assertThat(rules("*\n!../keep").excludes("keep")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"!", "! ", "!/", "a[", "a\\", "[]", "![a-"})
    void aBadPatternIsAnErrorWithItsLine(String pattern) {
        assertThatThrownBy(() -> rules("ok\n" + pattern))
                .isInstanceOf(DockerfileException.class)
                .hasMessageStartingWith(".dockerignore:2:1: bad pattern");
    }

    @Test
    void aPatternThatIsNotUtf8IsRefusedButNotACommentThatIsNot() throws DockerfileException {
        byte[] comment = "# caf\u00e9\nx".getBytes(StandardCharsets.ISO_8859_1);
        byte[] pattern = "caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(IgnoreRules.parse("i", comment, ParseLimits.DEFAULT).excludes("x"))
                .isTrue();
        assertThatThrownBy(() -> IgnoreRules.parse("i", pattern, ParseLimits.DEFAULT))
                .hasMessage("i:1:1: the line is not valid UTF-8");
    }

    @Test
    void aFileOfOneByteMoreThanTheLimitIsRefused() throws DockerfileException {
        byte[] full = "#".repeat(ParseLimits.DEFAULT.ignoreSize()).getBytes(StandardCharsets.UTF_8);
        byte[] more = "#".repeat(ParseLimits.DEFAULT.ignoreSize() + 1).getBytes(StandardCharsets.UTF_8);

        assertThat(IgnoreRules.parse("i", full, ParseLimits.DEFAULT).isEmpty()).isTrue();
        assertThatThrownBy(() -> IgnoreRules.parse("i", more, ParseLimits.DEFAULT))
                .hasMessageContaining("limit ignore-size");
    }

    @Test
    void onePatternMoreThanTheLimitIsRefused() throws DockerfileException {
        int limit = ParseLimits.DEFAULT.ignorePatterns();

        assertThat(rules("a\n".repeat(limit)).excludes("a")).isTrue();
        assertThatThrownBy(() -> rules("a\n".repeat(limit + 1))).hasMessageContaining("limit ignore-patterns");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a*", "**/a*", "*?", "[a-b]*", "**"})
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void tenThousandWildcardsTakeNoLongerThanPathTimesPattern(String piece) throws DockerfileException {
        IgnoreRules rules = rules(piece.repeat(10_000) + "b");

        assertThat(rules.excludes("a".repeat(2_000))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"!../x", "!/../x", "!a/../../x", "!../../etc/passwd", "!.."})
    void anExceptionDoesNotLeadOutOfTheContext(String exception) throws DockerfileException {
        IgnoreRules rules = rules("*\n" + exception);

        assertThat(rules.excludes("a")).isTrue();
        assertThat(rules.excludes("a/x")).isTrue();
    }

    @Test
    void aWalkJudgesAsEachPathByItself() throws DockerfileException {
        IgnoreRules rules = rules("*\n!src\nsrc/**/*.tmp\n!src/keep.tmp");
        IgnoreRules.Verdict src = rules.top().child("src");

        assertThat(src.isExcluded()).isFalse();
        assertThat(src.child("a.tmp").isExcluded()).isTrue();
        assertThat(src.child("keep.tmp").isExcluded()).isFalse();
        assertThat(src.child("deep").child("b.tmp").isExcluded()).isTrue();
        assertThat(rules.excludes("src/deep/b.tmp")).isTrue();
    }

    @Test
    void patternsOfAFlagAreTakenAsTheyStand() throws BadPatternException {
        assertThat(IgnoreRules.of(List.of("*.txt", "!keep.txt")).excludes("keep.txt"))
                .isFalse();
        assertThat(IgnoreRules.of(List.of("*.txt", " ")).excludes("a.txt")).isTrue();
        assertThat(IgnoreRules.of(List.of("/a")).excludes("a")).isFalse();
        assertThat(IgnoreRules.NONE.excludes("a")).isFalse();
        assertThatThrownBy(() -> IgnoreRules.of(List.of("!"))).isInstanceOf(BadPatternException.class);
    }

    private static IgnoreRules rules(String text) throws DockerfileException {
        return IgnoreRules.parse(".dockerignore", text.getBytes(StandardCharsets.UTF_8), ParseLimits.DEFAULT);
    }
}
