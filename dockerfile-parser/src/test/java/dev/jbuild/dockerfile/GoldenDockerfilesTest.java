package dev.jbuild.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each folder of {@code testdata/dockerfiles} tells a story: its {@code Dockerfile} is read as {@code parsed.txt} says, or
 * refused with the message and excerpt of {@code refused.txt}.
 */
class GoldenDockerfilesTest {
    static List<Path> cases() throws IOException {
        Path folder = Path.of(System.getProperty("jbuild.testdata", "testdata"), "dockerfiles");
        try (Stream<Path> cases = Files.list(folder)) {
            return cases.filter(c -> Files.exists(c.resolve("parsed.txt")) || Files.exists(c.resolve("refused.txt")))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isReadAsItsFolderSays(Path folder) throws IOException {
        byte[] text = Files.readAllBytes(folder.resolve("Dockerfile"));
        try {
            Dockerfile file = Dockerfile.parse("Dockerfile", text, ParseLimits.DEFAULT);
            assertThat(Rendering.of(file)).isEqualTo(read(folder.resolve("parsed.txt")));
        } catch (DockerfileException e) {
            assertThat(e.getMessage() + "\n" + e.excerpt(text)).isEqualTo(read(folder.resolve("refused.txt")));
        }
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "(no " + file.getFileName() + ")";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
