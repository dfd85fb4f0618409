package dev.jbuild.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {
    /** The rows of Go's own description of {@code filepath.Match}, and its corners. */
    @ParameterizedTest
    @CsvSource({
        "abc, abc, true",
        "abc, ab, false",
        "*, abc, true",
        "*c, abc, true",
        "a*, a, true",
        "a*, ab/c, false",
        "a*/b, abc/b, true",
        "a*/b, a/c/b, false",
        "a*b*c*d*e*/f, axbxcxdxexxx/f, true",
        "a*b*c*d*e*/f, axbxcxdxexxx/fff, false",
        "a*b?c*x, abxbbxdbxebxczzx, true",
        "a*b?c*x, abxbbxdbxebxczzy, false",
        "ab[c], abc, true",
        "ab[b-d], abc, true",
        "ab[e-g], abc, false",
        "ab[^c], abc, false",
        "ab[^b-d], abc, false",
        "ab[^e-g], abc, true",
        "a\\*b, a*b, true",
        "a\\*b, ab, false",
        "a?b, a☺b, true",
        "a[^a]b, a☺b, true",
        "a???b, a☺b, false",
        "a?b, a/b, false",
        "a*b, a/b, false",
        "[\\]a], ], true",
        "[\\-x], -, true",
        "[x\\-], z, false",
        "*x, xxx, true",
        "**, a, true",
        "**, a/b, false",
        "😀?, 😀😀, true",
    })
    void matchesAsGoDoes(String pattern, String path, boolean expected) throws BadPatternException {
        assertThat(Glob.compile(pattern).matches(path)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]a]", "[-]", "[x-]", "[-x]", "a[", "[^]", "[^bc", "a\\", "[a-b-c]", "[", "[a-"})
    void refusesABadPatternAlsoWhereNothingWouldReachIt(String pattern) {
        assertThatThrownBy(() -> Glob.compile("zzz" + pattern))
                .isInstanceOf(BadPatternException.class)
                .hasMessageStartingWith("bad pattern \"zzz" + pattern + "\": ");
    }

    @Test
    void knowsAPatternFromANameWithEscapes() {
        assertThat(Glob.hasWildcards("a/b")).isFalse();
        assertThat(Glob.hasWildcards("a\\*b")).isFalse();
        assertThat(Glob.hasWildcards("a[[]b")).isTrue();
        assertThat(Glob.hasWildcards("a?")).isTrue();
    }

    @Test
    void tenThousandStarsTakeNoTime() throws BadPatternException {
        Glob glob = Glob.compile("a*".repeat(10_000) + "b");
        Glob shorter = Glob.compile("a*".repeat(1_000) + "b");
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            assertThat(glob.matches("a".repeat(4_000))).isFalse();
            assertThat(shorter.matches("a".repeat(4_000))).isFalse();
            assertThat(shorter.matches("a".repeat(4_000) + "b")).isTrue();
        });
    }
}
