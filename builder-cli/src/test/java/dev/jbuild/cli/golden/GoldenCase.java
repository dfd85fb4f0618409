package dev.jbuild.cli.golden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder of {@code testdata/dockerfiles} that is built; its name tells the story. {@code docker} holds what Docker's
 * BuildKit made of it, recorded. {@code jbuild} holds what we make of it where that is other files: our words for an error,
 * and whatever {@code differs.txt} explains.
 */
public record GoldenCase(Path folder) {
    private static final Pattern RUN =
            Pattern.compile("^\\s*(ONBUILD\\s+)?RUN\\b", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

    /** The folder with all the test data. */
    public static Path testdata() {
        return Path.of(System.getProperty("jbuild.testdata", "testdata"));
    }

    /** Every case that Docker's results are recorded of, sorted by name. */
    public static List<GoldenCase> recorded() throws IOException {
        return folders().filter(GoldenCase::isRecorded).toList();
    }

    /** Every case that can be built; the others are only parsed. */
    public static List<GoldenCase> buildable() throws IOException {
        return folders()
                .filter(c -> !Files.exists(c.folder.resolve("parsed.txt")))
                .filter(c -> !Files.exists(c.folder.resolve("refused.txt")))
                .toList();
    }

    private static Stream<GoldenCase> folders() throws IOException {
        try (Stream<Path> folders = Files.list(testdata().resolve("dockerfiles"))) {
            return folders.sorted().map(GoldenCase::new).toList().stream();
        }
    }

    private boolean isRecorded() {
        return Files.isDirectory(folder.resolve("docker"));
    }

    public String name() {
        return folder.getFileName().toString();
    }

    /** The arguments of the build beside Dockerfile and context, one a line. */
    public List<String> flags() throws IOException {
        Path flags = folder.resolve("flags");
        return Files.exists(flags) ? Files.readAllLines(flags) : List.of();
    }

    /** Whether the build has a step that runs a program, which takes namespaces. */
    public boolean runs() throws IOException {
        return RUN.matcher(Files.readString(folder.resolve("Dockerfile"))).find();
    }

    /** What Docker made of it. */
    public Outcome docker() throws IOException {
        return Outcome.read(folder.resolve("docker"));
    }

    /** What we are to make of it. */
    public Outcome expected() throws IOException {
        Path own = folder.resolve("jbuild");
        return Files.isDirectory(own) ? Outcome.read(own) : docker();
    }

    /** Why we differ from Docker on purpose, when we do. */
    public Optional<String> difference() throws IOException {
        Path file = folder.resolve("differs.txt");
        return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    }

    @Override
    public String toString() {
        return name();
    }
}
