package dev.jbuild.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.oci.Digest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheKeyTest {
    @Test
    void equalPartsMakeEqualKeys() {
        assertThat(key("run", "a", "1").digest()).isEqualTo(key("run", "a", "1").digest());
    }

    @Test
    void kindNameValueAndInputEachCount() {
        CacheKey key = key("run", "a", "1");

        assertThat(List.of(
                        key("copy", "a", "1").digest(),
                        key("run", "b", "1").digest(),
                        key("run", "a", "2").digest(),
                        CacheKey.of("run").leaf("a", "1").input(key).build().digest()))
                .doesNotContain(key.digest())
                .doesNotHaveDuplicates();
    }

    @Test
    void theOrderOfInputsCounts() {
        CacheKey one = key("run", "a", "1");
        CacheKey two = key("run", "a", "2");

        assertThat(CacheKey.of("x").input(one).input(two).build().digest())
                .isNotEqualTo(CacheKey.of("x").input(two).input(one).build().digest());
    }

    @Test
    void aChangeDeepInTheTreeChangesTheTop() {
        CacheKey shallow = CacheKey.of("top")
                .input(CacheKey.of("mid").input(key("leaf", "a", "1")).build())
                .build();
        CacheKey changed = CacheKey.of("top")
                .input(CacheKey.of("mid").input(key("leaf", "a", "2")).build())
                .build();

        assertThat(shallow.digest()).isNotEqualTo(changed.digest());
    }

    @Test
    void noTwoListsReadTheSame() {
        assertThat(List.of(
                        list("a", "b"),
                        list("ab"),
                        list("a b"),
                        list("a", "b", ""),
                        list("", "a", "b"),
                        list(),
                        list(""),
                        list("1:a"),
                        list("a1:b")))
                .doesNotHaveDuplicates();
    }

    @Test
    void partsDoNotRunIntoEachOther() {
        assertThat(CacheKey.of("k").leaf("ab", "c").build().digest())
                .isNotEqualTo(CacheKey.of("k").leaf("a", "bc").build().digest());
        assertThat(CacheKey.of("k").leaf("a", "1").leaf("b", "2").build().digest())
                .isNotEqualTo(CacheKey.of("k").leaf("a", "1b2").build().digest());
    }

    @Test
    void aLeafAndAnInputOfTheSameTextDiffer() {
        CacheKey input = key("x", "a", "1");

        assertThat(CacheKey.of("k").input(input).build().digest())
                .isNotEqualTo(CacheKey.of("k")
                        .leaf(input.digest().toString(), "")
                        .build()
                        .digest());
    }

    @Test
    void theTreeIsKeptSoThatAMissCanBeExplained() {
        CacheKey input = key("scratch", "format", "1");
        CacheKey key = CacheKey.of("run").leaf("user", "app").input(input).build();

        assertThat(key.kind()).isEqualTo("run");
        assertThat(key.leaves()).containsExactly(Map.entry("user", "app"));
        assertThat(key.inputs()).containsExactly(input);
    }

    private static CacheKey key(String kind, String name, String value) {
        return CacheKey.of(kind).leaf(name, value).build();
    }

    private static Digest list(String... values) {
        return CacheKey.of("k").leaf("list", List.of(values)).build().digest();
    }
}
