package dev.jbuild.dockerfile;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The tables of expansion rules that lie beside the repository on a development machine. */
final class ShellTables {
    private ShellTables() {}

    /** The rows of a table, split at tabs; skips the test where there is no such file. */
    static List<String[]> rows(String file) throws IOException {
        Path table = folder().resolve(file);
        assumeTrue(Files.isRegularFile(table), () -> "no table of expansion rules at " + table);
        return Files.readAllLines(table).stream()
                .filter(l -> !l.startsWith("#"))
                .map(l -> l.split("\t", -1))
                .toList();
    }

    private static Path folder() {
        String given = System.getProperty("jbuild.facts");
        Path reactor =
                Path.of(System.getProperty("jbuild.testdata", "testdata")).resolveSibling(".");
        return given == null ? reactor.resolve("../shared/facts").normalize() : Path.of(given);
    }
}
