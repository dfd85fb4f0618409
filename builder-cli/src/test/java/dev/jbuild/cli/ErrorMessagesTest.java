package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.cli.golden.ErrorTable;
import dev.jbuild.cli.golden.Workplace;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a user reads when a build fails, to the letter: excerpt, place, cause and suggestion. {@code -Djbuild.errors.write}
 * writes the tables anew; what changed in them is then to be read.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ErrorMessagesTest {
    @TempDir
    private static Path directory;

    private boolean hasBase;

    static List<ErrorTable.Entry> errors() throws IOException {
        List<ErrorTable.Entry> all = new ArrayList<>();
        for (ErrorTable table : ErrorTable.all()) {
            all.addAll(table.entries());
        }
        return all;
    }

    /** The base image of the cases that run something; without root or busybox there is none. */
    @BeforeAll
    void buildBase() throws Exception {
        Path base = new Workplace(directory).layOutBase();
        boolean isRoot = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        hasBase = isRoot
                && run(base, List.of("build", "-q", "-t", Workplace.BASE, "-f", "Dockerfile", "context"))
                                .code()
                        == ExitCode.OK;
    }

    @ParameterizedTest
    @MethodSource("errors")
    void isToldToTheLetter(ErrorTable.Entry error) throws IOException {
        assumeTrue(
                hasBase || !startsFromBase(error), "its RUN needs busybox, and namespaces that only root makes here");

        Ended ended = build(error);

        assertThat(ended.printed()).isEqualTo(error.says());
        assertThat(ended.code()).isNotIn(ExitCode.OK, ExitCode.BUG);
    }

    @Test
    void thereAreSixtyOfThem() throws IOException {
        assertThat(errors()).hasSizeGreaterThanOrEqualTo(60).doesNotHaveDuplicates();
    }

    @Test
    void areWrittenAnewWhenAskedFor() throws IOException {
        assumeTrue(System.getProperty("jbuild.errors.write") != null, "nobody asked to write the tables anew");
        for (ErrorTable table : ErrorTable.all()) {
            Map<String, String> printed = new HashMap<>();
            for (ErrorTable.Entry error : table.entries()) {
                printed.put(error.title(), build(error).printed());
            }
            table.write(printed);
        }
    }

    private static boolean startsFromBase(ErrorTable.Entry error) {
        return error.files().getOrDefault("Dockerfile", "").contains(Workplace.BASE);
    }

    private record Ended(ExitCode code, String printed) {}

    private static Ended build(ErrorTable.Entry error) throws IOException {
        Path context = Files.createTempDirectory(directory, "context");
        for (Map.Entry<String, String> file : error.files().entrySet()) {
            Path path = context.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        List<String> words = new ArrayList<>(List.of("build", "-q"));
        words.addAll(error.flags());
        words.add(".");
        Ended ended = run(context, words);
        return new Ended(ended.code(), ended.printed().replace(context.toString(), "CONTEXT"));
    }

    private static Ended run(Path folder, List<String> words) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Surroundings surroundings = new Surroundings(
                Map.of("JBUILD_ROOT", directory.resolve("store").toString(), "HOME", directory.toString()),
                folder,
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(new ByteArrayOutputStream()),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        ExitCode code = new Jbuild(surroundings).run(words.toArray(String[]::new));
        return new Ended(code, err.toString(StandardCharsets.UTF_8).stripTrailing());
    }
}
