package dev.jbuild.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImagePathsTest {
    @ParameterizedTest
    @CsvSource({
        "/w, a, /w/a",
        "/w, a/, /w/a/",
        "/w, ., /w/",
        "/w, ./, /w/",
        "/w, '', /w/",
        "/w, .., /",
        "/w, ../x, /x",
        "/w, /, /",
        "/w, /a//b/./c, /a/b/c",
        "/w, /a/.., /",
        "/w, /../../etc/passwd, /etc/passwd",
        "/w, /a/., /a/",
        "/, a, /a",
        "'', a, /a",
        "/w//x/, y, /w/x/y",
    })
    void aDestinationIsAbsoluteAndKeepsTheSlashThatMakesItADirectory(String workdir, String path, String expected) {
        assertThat(ImagePaths.destination(workdir, path)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/, /abs, /abs",
        "/a, b, /a/b",
        "/a, ../b, /b",
        "/a, ., /a",
        "/a, ../../.., /",
        "'', b, /b",
        "/a, '', /a",
        "'', '', /",
    })
    void aWorkdirIsJoinedToTheOneBefore(String current, String path, String expected) {
        assertThat(ImagePaths.workdir(current, path)).isEqualTo(expected);
    }

    @Test
    void anAbsoluteWorkdirIsKeptAsItIsWritten() {
        assertThat(ImagePaths.workdir("/x", "/a//b/")).isEqualTo("/a//b/");
    }

    @ParameterizedTest
    @CsvSource({"a, /a", "./a, /a", "/a, /a", "../../a, /a", "., /", "a/../b/, /b", "a/[*], /a/[*]"})
    void aSourceIsAbsoluteBelowItsRoot(String path, String expected) {
        assertThat(ImagePaths.source(path)).isEqualTo(expected);
    }
}
