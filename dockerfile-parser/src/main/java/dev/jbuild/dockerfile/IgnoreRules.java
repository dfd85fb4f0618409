package dev.jbuild.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The patterns of a {@code .dockerignore} file or of {@code --exclude}: the last one that matches a path, or a directory
 * above it, decides.
 */
public final class IgnoreRules {
    /** Rules that exclude nothing. */
    public static final IgnoreRules NONE = new IgnoreRules(List.of());

    private final List<IgnorePattern> patterns;

    private IgnoreRules(List<IgnorePattern> patterns) {
        this.patterns = List.copyOf(patterns);
    }

    /**
     * Reads an ignore file: a pattern a line, comments where {@code #} is in the first column.
     *
     * @throws DockerfileException with the line of a bad pattern, or beyond a limit
     */
    public static IgnoreRules parse(String name, byte[] text, ParseLimits limits) throws DockerfileException {
        if (text.length > limits.ignoreSize()) {
            throw error(name, 1, "the file is larger than " + limits.ignoreSize() + " bytes (limit ignore-size)");
        }
        List<SourceLines.Line> lines = SourceLines.of(text);
        List<IgnorePattern> patterns = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Optional<IgnorePattern> pattern = pattern(name, i + 1, lines.get(i));
            if (pattern.isPresent()) {
                patterns.add(pattern.get());
            }
            if (patterns.size() > limits.ignorePatterns()) {
                throw error(
                        name,
                        i + 1,
                        "there are more than " + limits.ignorePatterns() + " patterns (limit ignore-patterns)");
            }
        }
        return new IgnoreRules(patterns);
    }

    private static Optional<IgnorePattern> pattern(String name, int number, SourceLines.Line line)
            throws DockerfileException {
        if (line.raw().startsWith("#")) {
            return Optional.empty();
        }
        if (!line.isUtf8()) {
            throw error(name, number, "the line is not valid UTF-8");
        }
        try {
            return IgnorePattern.ofLine(line.text(), name + ":" + number);
        } catch (BadPatternException e) {
            DockerfileException error = error(name, number, String.valueOf(e.getMessage()));
            error.initCause(e);
            throw error;
        }
    }

    /** The rules of patterns that are given one by one, as those of {@code --exclude}. */
    public static IgnoreRules of(List<String> patterns) throws BadPatternException {
        List<IgnorePattern> compiled = new ArrayList<>();
        for (String pattern : patterns) {
            IgnorePattern.of(pattern).ifPresent(compiled::add);
        }
        return new IgnoreRules(compiled);
    }

    private static DockerfileException error(String name, int line, String sentence) {
        return new DockerfileException(name, new SourceRange(new Position(line, 1), line), sentence);
    }

    /** Whether some pattern brings back what others leave out. */
    public boolean hasExceptions() {
        return patterns.stream().anyMatch(IgnorePattern::isException);
    }

    /** Whether some pattern leaves out whatever lies directly in the root. */
    public boolean excludesRoot() {
        return patterns.stream().anyMatch(IgnorePattern::excludesRoot);
    }

    public boolean isEmpty() {
        return patterns.isEmpty();
    }

    /** Whether a path is left out; it is relative to the root, slash-separated and clean. */
    public boolean excludes(String path) {
        return !patterns.isEmpty() && verdict(path).isExcluded();
    }

    /** What leaves a path out, where something does: the line of an ignore file, as {@code .dockerignore:3}, or a pattern. */
    public Optional<String> excludedBy(String path) {
        return verdict(path).excludedBy();
    }

    private Verdict verdict(String path) {
        Verdict verdict = top();
        for (String name : path.split("/", -1)) {
            verdict = verdict.child(name);
        }
        return verdict;
    }

    /** Whether an excluded directory must be walked all the same, because an exception may bring back something in it. */
    public boolean mayContainIncluded(String directory) {
        return patterns.stream().anyMatch(p -> p.isException() && p.mayMatchBelow(directory));
    }

    /** Whether a pattern that is no exception may match something inside a directory. */
    public boolean mayMatchBelow(String directory) {
        return patterns.stream().anyMatch(p -> !p.isException() && p.mayMatchBelow(directory));
    }

    /** The verdict about the root, from which a walk goes down; that is cheaper than to judge each path from the root. */
    public Verdict top() {
        return new Verdict("", new boolean[patterns.size()], false);
    }

    /** What the rules say about one path, and what its children inherit. */
    public final class Verdict {
        private final String path;
        private final boolean[] matched;
        private final boolean excluded;

        private Verdict(String path, boolean[] matched, boolean excluded) {
            this.path = path;
            this.matched = matched;
            this.excluded = excluded;
        }

        public boolean isExcluded() {
            return excluded;
        }

        /** The last pattern that matched is what decided. */
        private Optional<String> excludedBy() {
            int last = matched.length - 1;
            while (last >= 0 && !matched[last]) {
                last--;
            }
            return excluded ? Optional.of(patterns.get(last).origin()) : Optional.empty();
        }

        /** The verdict about an entry of this directory. */
        public Verdict child(String name) {
            if (patterns.isEmpty()) {
                return this;
            }
            String childPath = path.isEmpty() ? name : path.concat("/").concat(name);
            int[] text = PathPattern.characters(childPath);
            boolean[] matches = new boolean[matched.length];
            boolean out = false;
            for (int i = 0; i < matches.length; i++) {
                IgnorePattern pattern = patterns.get(i);
                // A pattern that could not change the verdict is not asked, and so its children do not inherit from it.
                if (matched[i] || (pattern.isException() == out && pattern.matches(text))) {
                    matches[i] = true;
                    out = !pattern.isException();
                }
            }
            return new Verdict(childPath, matches, out);
        }
    }
}
