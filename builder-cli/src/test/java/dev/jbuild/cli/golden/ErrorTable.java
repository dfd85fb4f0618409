package dev.jbuild.cli.golden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The errors of {@code testdata/errors}, each with the Dockerfile that it is about, in files that are meant to be read from top
 * to bottom.
 *
 * @param file one such file
 */
public record ErrorTable(Path file) {
    private static final String CASE = "=== ";
    private static final String SAYS = "--- says";
    private static final String FLAGS = "--- flags ";
    private static final String FILE = "--- file ";

    /**
     * One error.
     *
     * @param table the file that tells it
     * @param title its story
     * @param flags of the build
     * @param files what lies in the context, with the Dockerfile
     * @param says everything that is printed
     */
    public record Entry(String table, String title, List<String> flags, Map<String, String> files, String says) {
        @Override
        public String toString() {
            return table + ": " + title;
        }

        private Entry with(String printed) {
            return new Entry(table, title, flags, files, printed);
        }

        private String text() {
            StringBuilder text = new StringBuilder(CASE).append(title).append('\n');
            if (!flags.isEmpty()) {
                text.append(FLAGS).append(String.join(" ", flags)).append('\n');
            }
            files.forEach((name, content) -> {
                text.append(name.equals("Dockerfile") ? "" : FILE + name + "\n").append(content);
            });
            return text.append(SAYS).append('\n').append(says).append('\n').toString();
        }
    }

    /** All tables, sorted by name. */
    public static List<ErrorTable> all() throws IOException {
        try (Stream<Path> files = Files.list(GoldenCase.testdata().resolve("errors"))) {
            return files.sorted().map(ErrorTable::new).toList();
        }
    }

    /** What the table tells, in its order. */
    public List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (String text : Files.readString(file).split("(?m)^" + CASE, -1)) {
            if (!text.isBlank()) {
                entries.add(entry(text));
            }
        }
        return entries;
    }

    private Entry entry(String text) {
        List<String> lines = text.lines().toList();
        List<String> flags = List.of();
        Map<String, StringBuilder> parts = new LinkedHashMap<>(Map.of("Dockerfile", new StringBuilder()));
        String part = "Dockerfile";
        for (String line : lines.subList(1, lines.size())) {
            if (line.startsWith(FLAGS)) {
                flags = List.of(line.substring(FLAGS.length()).split(" "));
            } else if (line.startsWith(FILE) || line.equals(SAYS)) {
                part = line.equals(SAYS) ? SAYS : line.substring(FILE.length());
            } else {
                parts.computeIfAbsent(part, _ -> new StringBuilder())
                        .append(line)
                        .append('\n');
            }
        }
        Map<String, String> files = new LinkedHashMap<>();
        parts.forEach((name, content) -> files.put(name, content.toString()));
        String says = String.valueOf(files.getOrDefault(SAYS, ""));
        files.remove(SAYS);
        return new Entry(file.getFileName().toString(), lines.getFirst(), flags, files, says.stripTrailing());
    }

    /** Writes the table anew with what was printed, for a reader to review the change. */
    public void write(Map<String, String> printed) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Entry entry : entries()) {
            text.append(entry.with(printed.getOrDefault(entry.title(), entry.says()))
                    .text());
        }
        Files.writeString(file, text);
    }
}
