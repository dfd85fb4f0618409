package dev.jbuild.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the shell tables beside the repository hold, in short, and what they do not. */
class WordExpanderTest {
    private static final Map<String, String> VALUES =
            Map.of("x", "value", "empty", "", "path", "/a/b/c.tar.gz", "blanks", "a  b ", "stars", "a*b*c");

    private final WordExpander expander = new WordExpander('\\', ParseLimits.DEFAULT);

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\0',
            value = {
                "$x;value",
                "${x}y;valuey",
                "$xy;''",
                "\\$x;$x",
                "'$x';$x",
                "\"$x\";value",
                "\"\\$x \\a\";$x \\a",
                "${unset:-a$x};avalue",
                "${empty:-a};a",
                "${empty-a};''",
                "${x:+set};set",
                "${unset+set};''",
                "${x:?no};value",
                "${path##*/};c.tar.gz",
                "${path#*/};a/b/c.tar.gz",
                "${path%.*};/a/b/c.tar",
                "${path%%.*};/a/b/c",
                "${path/\\//_};_a/b/c.tar.gz",
                "${path//\\//_};_a_b_c.tar.gz",
                "${stars//\\*/+};a+b+c",
                "${x//a*/};v",
                "${x/?l/};vue",
                "${x//?/ab};ababababab",
                "${x///-};-v-a-l-u-e-",
                "${x//e/-};valu-",
                "${x#};value",
                "${x%%*};''",
                "$1$@;''",
                "a$;a$",
                "$.;$.",
                "a\\;a",
                "<<EOF;<<EOF",
            })
    void wordsExpandAsInAShell(String word, String expected) throws ExpansionException {
        assertThat(expand(word)).isEqualTo(expected.equals("''") ? "" : expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\0',
            value = {
                "${unset:?say why};unset: say why",
                "${unset?};unset: is not allowed to be unset",
                "${empty:?};empty: is not allowed to be empty",
                "${x;syntax error: missing '}'",
                "${;syntax error: missing '}'",
                "${x:;syntax error: missing '}'",
                "${x:-a;syntax error: missing '}'",
                "${x:-\"a};syntax error: missing '}'",
                "${};syntax error: bad substitution",
                "${:x};syntax error: bad substitution",
                "${x:=a};unsupported modifier (:=) in substitution",
                "${x=a};unsupported modifier (=) in substitution",
                "${x:#a};unsupported modifier (:#) in substitution",
                "${.};unsupported modifier (.) in substitution",
                "${x/a};syntax error: missing '/' in ${}",
                "${x/a/b;syntax error: missing '}'",
                "${x#\\a};invalid pattern (\\a) in substitution: invalid escape '\\a'",
                "'a;unexpected end of statement while looking for matching single-quote",
                "\"a;unexpected end of statement while looking for matching double-quote",
            })
    void whatIsNoSubstitutionIsRefused(String word, String fault) {
        assertThatThrownBy(() -> expand(word))
                .isInstanceOf(ExpansionException.class)
                .hasMessage(fault);
    }

    @Test
    void aBacktickEscapesWhereTheDirectiveSaysSo() throws ExpansionException {
        WordExpander windows = new WordExpander('`', ParseLimits.DEFAULT);

        assertThat(windows.expand(new Word("C:\\a `$x \"`\"\""), WordExpanderTest::get))
                .isEqualTo("C:\\a $x \"");
    }

    @Test
    void wordsSplitAtBlanksOutsideQuotesAndInValues() throws ExpansionException {
        assertThat(expander.expandWords(new Word("a$blanks\"$blanks\" c\\ d '' $empty"), WordExpanderTest::get))
                .containsExactly("aa", "b", "a  b ", "c d");
        assertThat(expander.expandWords(new Word("80${unset:-80}"), WordExpanderTest::get))
                .containsExactly("8080");
    }

    @Test
    void substitutionsNestToTheLimitAndNotDeeper() throws ExpansionException {
        int limit = ParseLimits.DEFAULT.nesting();

        assertThat(expand("${u:-".repeat(limit) + "a" + "}".repeat(limit))).isEqualTo("a");
        assertThatThrownBy(() -> expand("${u:-".repeat(limit + 1) + "a" + "}".repeat(limit + 1)))
                .hasMessage("substitutions nest deeper than 64 (limit nesting)");
    }

    @Test
    void aHundredThousandBracesAreRefusedAndNotRecursedInto() {
        assertThatThrownBy(() -> expand("${u:-".repeat(100_000))).hasMessageContaining("limit nesting");
        assertThatThrownBy(() -> expand("\"${u:-".repeat(100_000))).hasMessageContaining("limit nesting");
    }

    @Test
    void aWordExpandsToTheLimitAndNotFurther() throws ExpansionException {
        int limit = ParseLimits.DEFAULT.expansion();
        String half = "a".repeat(limit / 2);

        assertThat(expander.expand(new Word("$a$a"), name -> Optional.of(half))).hasSize(limit);
        for (String word : new String[] {"$a${a}b", "\"$a$a\"b", "${u:-$a$a}$a", "${a//?/bbb}", "'$a'$a$a\\b"}) {
            assertThatThrownBy(() -> expander.expand(new Word(word), name -> get(name, half)))
                    .hasMessageContaining("limit expansion");
        }
    }

    private static Optional<String> get(String name, String value) {
        return name.equals("a") ? Optional.of(value) : Optional.empty();
    }

    @Test
    void allWordsOfAFileTogetherExpandToALimitAndNotFurther() throws ExpansionException {
        int word = ParseLimits.DEFAULT.expansion();
        long words = ParseLimits.DEFAULT.expansionTotal() / word;
        String value = "a".repeat(word);
        WordExpander file = new WordExpander('\\', ParseLimits.DEFAULT);

        for (long i = 0; i < words; i++) {
            assertThat(file.expand(new Word("$a"), name -> Optional.of(value))).hasSize(word);
        }
        assertThatThrownBy(() -> file.expand(new Word("b"), WordExpanderTest::get))
                .hasMessage("the words of the file expand to more than 67108864 characters in all"
                        + " (limit expansion-total)");
    }

    @Test
    void doublingAVariableEndsAtTheLimit() {
        assertThatThrownBy(() -> {
                    String value = "ab";
                    for (int i = 0; i < 64; i++) {
                        String last = value;
                        value = expander.expand(new Word("$a$a"), name -> Optional.of(last));
                    }
                })
                .hasMessageContaining("limit expansion");
    }

    @Test
    void aHostilePatternIsRefusedBeforeItCosts() throws ExpansionException {
        String value = "a".repeat(1 << 13);
        Word within = new Word("${a##" + "a*".repeat(1 << 12) + "}");
        Word beyond = new Word("${a##" + "a*".repeat(1 << 12) + "b}");

        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            assertThat(expander.expand(within, name -> Optional.of(value))).isEmpty();
            assertThatThrownBy(() -> expander.expand(beyond, name -> Optional.of(value)))
                    .hasMessageContaining("limit pattern-work");
        });
    }

    private String expand(String word) throws ExpansionException {
        return expander.expand(new Word(word), WordExpanderTest::get);
    }

    private static Optional<String> get(String name) {
        return Optional.ofNullable(VALUES.get(name));
    }
}
