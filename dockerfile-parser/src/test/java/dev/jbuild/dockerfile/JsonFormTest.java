package dev.jbuild.dockerfile;

import static dev.jbuild.dockerfile.Parsing.fault;
import static dev.jbuild.dockerfile.Parsing.instruction;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFormTest {
    @Test
    void escapesAreJsonsOwn() throws DockerfileException {
        assertThat(argv("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\", \"\\u00e9\\ud83d\\ude00\", \"\\ud83dx\", \"$A \\\\$\"]"))
                .containsExactly("\"\\/\b\f\n\r\t", "é😀", "\uFFFDx", "$A \\$");
    }

    @Test
    void blanksAroundValuesMeanNothing() throws DockerfileException {
        assertThat(argv("[ \"a\" ,\t\"b\"  ]  ")).containsExactly("a", "b");
        assertThat(argv("[]")).isEmpty();
        assertThat(argv("[\"a\", \\\n  \"b\"]")).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "['a']",
                "[\"a\"] b",
                "[\"a\"",
                "[\"a\",]",
                "[,]",
                "[\"a\" \"b\"]",
                "[\"a]",
                "[a]",
                "[\"\\x\"]",
                "[\"\\u12\"]",
                "[\"\\u12g4\"]",
                "[\"\t\"]",
                "[01]",
                "[1.]",
                "[.5]",
                "[1e]",
                "[+1]",
                "[-]",
                "[tru]",
                "[{a:1}]",
                "[{\"a\"}]",
                "[{\"a\":1,}]",
                "[\"a\",\"b\"]]",
                "{\"a\":1}",
                "\"a\"",
                "[[]"
            })
    void whatIsNotJsonIsTheShellForm(String text) throws DockerfileException {
        assertThat(instruction(Instruction.Cmd.class, "CMD " + text).command())
                .isEqualTo(new CommandLine.Shell(text, List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1]",
                "[-0.5e+3]",
                "[true]",
                "[null, \"a\"]",
                "[false]",
                "[[\"a\"]]",
                "[{}]",
                "[{\"a\": [1, 2], \"b\": {\"c\": \"d\"}}, \"e\"]",
                "[\"a\", []]"
            })
    void anArrayOfAnythingButStringsIsRefused(String text) {
        assertThat(fault("CMD " + text)).isEqualTo("a JSON array must hold strings only");
        assertThat(fault("COPY " + text)).isEqualTo("a JSON array must hold strings only");
        assertThat(fault("HEALTHCHECK CMD " + text)).isEqualTo("a JSON array must hold strings only");
    }

    private static List<String> argv(String text) throws DockerfileException {
        CommandLine command = instruction(Instruction.Cmd.class, "CMD " + text).command();
        assertThat(command).isInstanceOf(CommandLine.Exec.class);
        return ((CommandLine.Exec) command).argv();
    }
}
