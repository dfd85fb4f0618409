package dev.jbuild.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SuggestionTest {
    private static final List<String> OPTIONS = List.of("from", "chown", "chmod");

    @Test
    void theNearestOfTheOptionsIsMeant() {
        assertThat(Suggestion.nearest("form", OPTIONS)).contains("from");
        assertThat(Suggestion.nearest("chmo", OPTIONS)).contains("chmod");
        assertThat(Suggestion.nearest("chwon", OPTIONS)).contains("chown");
        assertThat(Suggestion.nearest("taget", List.of("tag", "target"))).contains("target");
        assertThat(Suggestion.nearest("bild-arg", List.of("build-arg"))).contains("build-arg");
        assertThat(Suggestion.nearest("", OPTIONS)).isEmpty();
    }

    @Test
    void twoSwappedLettersAreOneMistake() {
        assertThat(Suggestion.nearest("chwon", List.of("chmod", "chown"))).contains("chown");
        assertThat(Suggestion.nearest("RNU", List.of("env", "run"))).contains("RUN");
        assertThat(Suggestion.nearestSpelling("bulid", List.of("bolt", "build")))
                .contains("build");
    }

    @Test
    void nothingIsMeantThatHasNoLetterOfTheWord() {
        assertThat(Suggestion.nearest("2", List.of("0", "1"))).isEmpty();
        assertThat(Suggestion.nearestSpelling("ab", List.of("cd"))).isEmpty();
    }

    @Test
    @Timeout(20)
    void wordsAsLongAsALineAreComparedToo() {
        String word = "abcdefgh".repeat(1 << 17);

        assertThat(Suggestion.nearestName(word, List.of("b" + word.substring(1))))
                .contains("b" + word.substring(1));
        assertThat(Suggestion.nearestName(word, List.of("hgfedcba".repeat(1 << 17))))
                .isEmpty();
    }

    @Test
    void moreThanTwoLettersAwayNothingIsMeant() {
        assertThat(Suggestion.nearest("fr", OPTIONS)).contains("from");
        assertThat(Suggestion.nearest("f", OPTIONS)).isEmpty();
        assertThat(Suggestion.nearest("x".repeat(1 << 20), OPTIONS)).isEmpty();
    }

    @Test
    void theSuggestionIsInTheCaseOfTheWord() {
        assertThat(Suggestion.nearest("FORM", OPTIONS)).contains("FROM");
        assertThat(Suggestion.nearest("Form", OPTIONS)).contains("from");
    }

    @Test
    void aWordThatIsAnOptionNeedsNone() {
        assertThat(Suggestion.nearest("from", OPTIONS)).isEmpty();
        assertThat(Suggestion.nearest("FROM", OPTIONS)).isEmpty();
    }
}
