package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layer.EntryPath;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkResolverTest {
    private final KnownTree image = new KnownTree()
            .directory("usr", 0755, 0)
            .directory("usr/lib", 0755, 0)
            .link("lib", "usr/lib")
            .link("abs", "/usr/lib")
            .link("usr/up", "../../../etc")
            .link("twice", "abs/deep")
            .link("gone", "no/where")
            .link("top", "/");

    @ParameterizedTest
    @CsvSource({
        "usr/lib/x, usr/lib/x",
        "new/x, new/x",
        "lib/x, usr/lib/x",
        "abs/x, usr/lib/x",
        "usr/up/passwd, etc/passwd",
        "twice/x, usr/lib/deep/x",
        "gone, no/where",
        "gone/x, no/where/x",
        "top/lib, usr/lib",
    })
    void linksAreFollowedInsideTheRoot(String path, String expected) throws Exception {
        assertThat(resolve(path)).isEqualTo(EntryPath.of(expected));
    }

    @Test
    void aLinkToTheTopIsTheRoot() throws Exception {
        assertThat(resolve("top")).isEqualTo(EntryPath.ROOT);
    }

    @Test
    void aChainOf40LinksIsFollowedAndOf41Refused() throws Exception {
        for (int i = 1; i <= 40; i++) {
            image.link("l" + i, "l" + (i + 1));
        }
        assertThat(resolve("l1")).isEqualTo(EntryPath.of("l41"));

        image.link("l0", "l1");
        assertThatThrownBy(() -> resolve("l0")).isInstanceOf(IOException.class).hasMessageContaining("40");
    }

    @Test
    void aLinkThatDoublesItselfEndsInsteadOfGrowing() {
        image.link("a", "a/a");

        assertThatThrownBy(() -> resolve("a")).isInstanceOf(IOException.class);
    }

    private EntryPath resolve(String path) throws IOException {
        return new LinkResolver(image::find).resolve(EntryPath.of(path));
    }
}
