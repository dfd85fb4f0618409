package dev.jbuild.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntryPathTest {
    @ParameterizedTest
    @ValueSource(strings = {"/a", "a/", "a//b", "./a", "a/.", ".", "/"})
    void onlyTheShortestFormIsAPath(String path) {
        assertThatIllegalArgumentException().isThrownBy(() -> EntryPath.of(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../a", "a/..", "a/../b", "/..", "a\0b"})
    void climbingAndNulAreRefusedEvenWhenCleaned(String path) {
        assertThatIllegalArgumentException().isThrownBy(() -> EntryPath.cleaned(bytes(path)));
    }

    @ParameterizedTest
    @CsvSource({"/a,a", "./a/,a", "a//b/./c,a/b/c", "...,...", "..a,..a", ".a/b..,.a/b.."})
    void cleaningKeepsNamesAndDropsNoise(String spelled, String cleaned) {
        assertThat(EntryPath.cleaned(bytes(spelled))).isEqualTo(EntryPath.of(cleaned));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", ".", "./", "//./"})
    void manySpellingsNameTheRoot(String spelled) {
        assertThat(EntryPath.cleaned(bytes(spelled)).isRoot()).isTrue();
    }

    @Test
    void theOrderIsThatOfAWalk() {
        var sorted = new TreeSet<EntryPath>();
        for (String path : List.of("a-b", "b", "a/c", "a", "", "a/c/d", "a/\u00e9", "a.")) {
            sorted.add(EntryPath.of(path));
        }
        assertThat(sorted.stream().map(EntryPath::text))
                .containsExactly("", "a", "a/c", "a/c/d", "a/\u00e9", "a-b", "a.", "b");
    }

    @Test
    void aPathComesApartAndTogether() {
        EntryPath path = EntryPath.of("usr/lib/x");
        assertThat(path.parent()).isEqualTo(EntryPath.of("usr/lib"));
        assertThat(path.name()).isEqualTo(Bytes.of("x"));
        assertThat(path.components()).containsExactly(Bytes.of("usr"), Bytes.of("lib"), Bytes.of("x"));
        assertThat(path.parent().resolve(path.name())).isEqualTo(path);
        assertThat(EntryPath.ROOT.resolve(path)).isEqualTo(path);
        assertThat(path.resolve(EntryPath.ROOT)).isEqualTo(path);
        assertThat(EntryPath.ROOT.parent()).isEqualTo(EntryPath.ROOT);
        assertThat(EntryPath.of("x").parent()).isEqualTo(EntryPath.ROOT);
    }

    @Test
    void aDirectoryHoldsPathsBelowItAndNotItsNamesakes() {
        EntryPath directory = EntryPath.of("usr/lib");
        assertThat(EntryPath.of("usr/lib").startsWith(directory)).isTrue();
        assertThat(EntryPath.of("usr/lib/x").startsWith(directory)).isTrue();
        assertThat(EntryPath.of("usr/lib64").startsWith(directory)).isFalse();
        assertThat(directory.startsWith(EntryPath.ROOT)).isTrue();
        assertThat(EntryPath.of("usr/lib/x/y").relativeTo(directory)).isEqualTo(EntryPath.of("x/y"));
        assertThat(directory.relativeTo(directory)).isEqualTo(EntryPath.ROOT);
        assertThat(directory.relativeTo(EntryPath.ROOT)).isEqualTo(directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "/", "a\0"})
    void aNameIsOneComponent(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> EntryPath.ROOT.resolve(Bytes.of(name)));
    }

    @Test
    void namesThatAreNotUtf8StayDistinct() {
        EntryPath one = EntryPath.of(new byte[] {'a', (byte) 0xff});
        EntryPath other = EntryPath.of(new byte[] {'a', (byte) 0xfe});
        assertThat(one).isNotEqualTo(other);
        assertThat(one.compareTo(other)).isPositive();
        assertThat(one).hasToString("a\\xff");
    }

    @Test
    void hostileNamesAreShownEscaped() {
        assertThat(EntryPath.of("a\u001b[2Jb")).hasToString("a\\x1b[2Jb");
        assertThat(EntryPath.of("a\u202eb")).hasToString("a\\xe2\\x80\\xaeb");
        assertThat(EntryPath.of("back\\slash")).hasToString("back\\x5cslash");
        assertThat(EntryPath.of("größe")).hasToString("größe");
        assertThat(EntryPath.ROOT).hasToString(".");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
