package dev.jbuild.layer.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerMemory;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class HiddenPathsTest {
    private final HiddenPaths hidden = new HiddenPaths(new HeldBytes("whiteouts", 1000, LayerMemory.ofOneLayer()));

    @Test
    void whatIsHiddenHidesAllBelowIt() throws IOException {
        hidden.hide(path("a/b"));

        assertThat(hidden.isVisible(path("a"))).isTrue();
        assertThat(hidden.isVisible(path("a/b"))).isFalse();
        assertThat(hidden.isVisible(path("a/b/c/d"))).isFalse();
    }

    @Test
    void aDirectoryWhoseContentIsHiddenIsSeenItself() throws IOException {
        hidden.hideContent(path("a"));

        assertThat(hidden.isVisible(path("a"))).isTrue();
        assertThat(hidden.isVisible(path("a/b"))).isFalse();
        assertThat(hidden.isVisible(path("a/b/c"))).isFalse();
    }

    @Test
    void whatWasSeenBeforeItWasHiddenIsHiddenAfterwards() throws IOException {
        hidden.hide(path("other"));
        assertThat(hidden.isVisible(path("a/b"))).isTrue();

        hidden.hide(path("a"));

        assertThat(hidden.isVisible(path("a/b"))).isFalse();
        assertThat(hidden.isVisible(path("a/b/c"))).isFalse();
    }

    private static EntryPath path(String path) {
        return EntryPath.of(path);
    }
}
