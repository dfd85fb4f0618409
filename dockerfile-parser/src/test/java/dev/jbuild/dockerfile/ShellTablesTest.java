package dev.jbuild.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ShellTablesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ERROR = "error";

    private final WordExpander expander = new WordExpander('\\', ParseLimits.DEFAULT);

    @TestFactory
    Stream<DynamicTest> everyWordExpandsAsTheTableSays() throws IOException {
        return ShellTables.rows("shellwords.tsv").stream()
                .map(row -> DynamicTest.dynamicTest(
                        row[0] + " " + row[1],
                        () -> assertThat(expand(row[1], wordVariables(row[0]))).isEqualTo(row[2])));
    }

    @TestFactory
    Stream<DynamicTest> everyWordSplitsAsTheTableSays() throws IOException {
        return ShellTables.rows("shellsplit.tsv").stream()
                .map(row -> DynamicTest.dynamicTest(
                        row[1],
                        () -> assertThat(split(row[1], variables(row[0]))).isEqualTo(row[2])));
    }

    @TestFactory
    Stream<DynamicTest> everyPatternMatchesAsTheTableSays() throws IOException {
        return ShellTables.rows("shellpatterns.tsv").stream()
                .map(row -> DynamicTest.dynamicTest(
                        row[0] + " " + row[1],
                        () -> assertThat(expand(row[1], variables(row[0]))).isEqualTo(row[2])));
    }

    private String expand(String word, Variables variables) {
        try {
            return expander.expand(new Word(word), variables);
        } catch (ExpansionException e) {
            return ERROR;
        }
    }

    private String split(String word, Variables variables) throws JsonProcessingException {
        try {
            return spaced(JSON.writeValueAsString(expander.expandWords(new Word(word), variables)));
        } catch (ExpansionException e) {
            return ERROR;
        }
    }

    /** The table's arrays have a space behind the comma. */
    private static String spaced(String array) {
        return array.replace("\",\"", "\", \"");
    }

    private static Variables variables(String object) throws JsonProcessingException {
        Map<String, String> values = JSON.readValue(object, new TypeReference<>() {});
        return name -> Optional.ofNullable(values.get(name));
    }

    /** Names are case sensitive but on Windows, whose rows are marked so. */
    private static Variables wordVariables(String platform) {
        Map<String, String> values =
                platform.equals("W") ? new TreeMap<>(String.CASE_INSENSITIVE_ORDER) : new TreeMap<>();
        values.putAll(Map.of("PWD", "/home", "SHELL", "bash", "KOREAN", "한국어", "NULL", ""));
        return name -> Optional.ofNullable(values.get(name));
    }
}
