package dev.jbuild.dockerfile;

import static dev.jbuild.dockerfile.Parsing.fault;
import static dev.jbuild.dockerfile.Parsing.instruction;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssignmentsTest {
    @Test
    void pairsKeepTheirQuotesAndEscapes() throws DockerfileException {
        assertThat(instruction(Instruction.Env.class, "ENV a=b c=\"d e\" f='g h'i j=k\\ l m= n==o")
                        .variables())
                .containsExactly(
                        pair("a", "b"),
                        pair("c", "\"d e\""),
                        pair("f", "'g h'i"),
                        pair("j", "k\\ l"),
                        pair("m", ""),
                        pair("n", "=o"));
    }

    @Test
    void theOldFormIsOnePairWithTheRestOfTheLine() throws DockerfileException {
        assertThat(instruction(Instruction.Env.class, "ENV a  b  c=d 'e'").variables())
                .containsExactly(new Assignment(new Word("a"), new Word("b  c=d 'e'"), true));
    }

    @Test
    void labelKeysMayBeQuotedAndContinued() throws DockerfileException {
        assertThat(instruction(Instruction.Label.class, "LABEL \"a b\"=c \\\n  d.e=\"f\\\ng\"")
                        .labels())
                .containsExactly(pair("\"a b\"", "c"), pair("d.e", "\"fg\""));
    }

    @Test
    void anEscapedQuoteOpensNothing() throws DockerfileException {
        assertThat(instruction(Instruction.Env.class, "ENV a=\\\" b=\"\\\" c\" d='\\' e=f")
                        .variables())
                .containsExactly(pair("a", "\\\""), pair("b", "\"\\\" c\""), pair("d", "'\\'"), pair("e", "f"));
    }

    @Test
    void aLoneEscapeAtTheEndIsNoWord() throws DockerfileException {
        // A doubled escape character continues nothing, but before the end of the file one is left over.
        assertThat(instruction(Instruction.Env.class, "ENV a=b \\ \\\n").variables())
                .containsExactly(pair("a", "b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ENV", "LABEL"})
    void aPairNeedsANameAndAValue(String keyword) {
        assertThat(fault(keyword)).isEqualTo(keyword + " requires at least one argument");
        assertThat(fault(keyword + " a")).isEqualTo(keyword + " must have two arguments: a name and a value");
        assertThat(fault(keyword + " =a")).isEqualTo(keyword + " names cannot be blank");
        assertThat(fault(keyword + " a=b c")).isEqualTo("cannot find = in \"c\": it must be of the form name=value");
    }

    private static Assignment pair(String key, String value) {
        return new Assignment(new Word(key), new Word(value), false);
    }
}
