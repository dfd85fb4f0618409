package dev.jbuild.dockerfile;

import static dev.jbuild.dockerfile.Parsing.dockerfile;
import static dev.jbuild.dockerfile.Parsing.failure;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectivesTest {
    @Test
    void directivesAreReadFromTheTopInAnyOrderAndCase() throws DockerfileException {
        Directives directives =
                directives("# Syntax = docker/dockerfile:1 extra\n#ESCAPE=`\n#check=skip=all;error=true\n");

        assertThat(directives.syntax()).contains("docker/dockerfile:1");
        assertThat(directives.escape()).isEqualTo('`');
        assertThat(directives.check()).contains("skip=all;error=true");
    }

    @Test
    void aFileWithoutDirectivesHasTheStandardOnes() throws DockerfileException {
        assertThat(directives("")).isEqualTo(Directives.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"# a comment\n", "\n", "#\n", "# unknown=1\n", "# escape\n", "# escape=\n", "ARG a\n"})
    void anythingElseEndsThem(String line) throws DockerfileException {
        assertThat(directives(line + "# escape=`\n").escape()).isEqualTo('\\');
    }

    @Test
    void theSameKeyTwiceIsRefused() {
        assertThat(failure("#syntax=a\n# SYNTAX=b\nFROM x"))
                .hasMessage("Dockerfile:2:1: only one syntax parser directive can be used");
    }

    @Test
    void onlyABackslashOrABacktickEscapes() {
        assertThat(failure("#escape=^\nFROM x")).hasMessage("Dockerfile:1:1: the escape character is \\ or `, not ^");
    }

    @Test
    void behindAShebangOnlyTheOnesForFrontEndsCount() throws DockerfileException {
        Directives directives = directives("#!/usr/bin/env docker\n#syntax=a\n#escape=`\n");

        assertThat(directives.syntax()).contains("a");
        assertThat(directives.escape()).isEqualTo('\\');
    }

    @Test
    void theEscapeCharacterContinuesLinesAndEscapesWords() throws DockerfileException {
        Dockerfile file = dockerfile("#escape=`\nFROM x\nENV a=b`\n c=d\\\nENV e=f` g\nRUN dir C:\\\n");

        assertThat(file.stages().getFirst().instructions())
                .extracting(Instruction::original)
                .containsExactly("ENV a=b c=d\\", "ENV e=f` g", "RUN dir C:\\");
        assertThat(((Instruction.Env) file.stages().getFirst().instructions().get(1)).variables())
                .containsExactly(new Assignment(new Word("e"), new Word("f` g"), false));
    }

    @Test
    void aFrontEndIsNotedAndNeverRun() throws DockerfileException {
        assertThat(directives("# syntax=evil.example/frontend@sha256:00\n").syntax())
                .contains("evil.example/frontend@sha256:00");
    }

    private static Directives directives(String top) throws DockerfileException {
        return dockerfile(top + "FROM x\n").directives();
    }
}
