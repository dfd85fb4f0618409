package dev.jbuild.dockerfile;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the parser directives: {@code # key=value} lines on top of the file. The first line that is none, even a blank
 * one or another comment, ends them.
 */
final class DirectiveReader {
    private static final List<String> KEYS = List.of("syntax", "escape", "check");

    private final String file;
    private final List<SourceLines.Line> lines;
    private final Map<String, String> found = new HashMap<>();
    private int next;

    DirectiveReader(String file, List<SourceLines.Line> lines) {
        this.file = file;
        this.lines = lines;
    }

    /** How many lines the directives take. */
    int lineCount() {
        return next;
    }

    Directives read() throws DockerfileException {
        // Behind a #! line, the ones for front ends still count, but for the language itself they are comments.
        boolean script = !lines.isEmpty() && lines.getFirst().raw().startsWith("#!");
        next = script ? 1 : 0;
        while (next < lines.size() && directive(lines.get(next).text().stripLeading())) {
            next++;
        }
        char escape = script ? '\\' : found.getOrDefault("escape", "\\").charAt(0);
        String syntax = found.get("syntax");
        return new Directives(
                syntax == null ? Optional.empty() : Optional.of(firstWord(syntax)),
                escape,
                Optional.ofNullable(found.get("check")));
    }

    private boolean directive(String line) throws DockerfileException {
        int equals = line.indexOf('=');
        if (!line.startsWith("#") || equals < 0) {
            return false;
        }
        String key = line.substring(1, equals).strip().toLowerCase(Locale.ROOT);
        String value = line.substring(equals + 1).strip();
        if (!KEYS.contains(key) || value.isEmpty()) {
            return false;
        }
        if (found.put(key, value) != null) {
            throw error("only one " + key + " parser directive can be used");
        }
        if (key.equals("escape") && !value.equals("\\") && !value.equals("`")) {
            throw error("the escape character is \\ or `, not " + Excerpt.visible(value, 80));
        }
        return true;
    }

    private static String firstWord(String value) {
        int blank = value.indexOf(' ');
        return blank < 0 ? value : value.substring(0, blank);
    }

    private DockerfileException error(String sentence) {
        return new DockerfileException(file, new SourceRange(new Position(next + 1, 1), next + 1), sentence);
    }
}
