package dev.jbuild.dockerfile;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** One pattern of an ignore file. */
final class IgnorePattern {
    private static final String SPECIAL = "*?[\\";

    private final String origin;
    private final boolean exception;
    private final String cleaned;
    private final PathPattern pattern;

    private IgnorePattern(String origin, boolean exception, String cleaned) throws BadPatternException {
        this.origin = origin;
        this.exception = exception;
        this.cleaned = cleaned;
        this.pattern = PathPattern.deep(cleaned);
    }

    /**
     * Reads a line of an ignore file: a leading slash means nothing there; empty for a blank line.
     *
     * @param origin names the line: {@code .dockerignore:3}
     */
    static Optional<IgnorePattern> ofLine(String line, String origin) throws BadPatternException {
        String text = Whitespace.trim(line);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        boolean exception = text.startsWith("!");
        String path = exception ? Whitespace.trim(text.substring(1)) : text;
        String cleaned = path.isEmpty() ? "" : clean(path);
        String relative = cleaned.length() > 1 && cleaned.startsWith("/") ? cleaned.substring(1) : cleaned;
        // Cleaning can bare a blank, as in "x/../ y", and the matcher trims once more.
        return Optional.of(checked(line, origin, exception, exception ? relative : Whitespace.trim(relative)));
    }

    /** Reads a pattern as it stands; empty for a blank one. */
    static Optional<IgnorePattern> of(String given) throws BadPatternException {
        String text = Whitespace.trim(given);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        String cleaned = clean(text);
        boolean exception = cleaned.startsWith("!");
        return Optional.of(checked(given, given, exception, exception ? cleaned.substring(1) : cleaned));
    }

    private static IgnorePattern checked(String written, String origin, boolean exception, String cleaned)
            throws BadPatternException {
        if (exception && (cleaned.isEmpty() || cleaned.equals("/"))) {
            throw new BadPatternException(written, "an exception needs a path behind the !");
        }
        return new IgnorePattern(origin, exception, cleaned);
    }

    /** What the pattern is called in messages. */
    String origin() {
        return origin;
    }

    /** Whether it begins with {@code !} and so brings back what earlier patterns leave out. */
    boolean isException() {
        return exception;
    }

    /** Whether it leaves out whatever lies directly in the root. */
    boolean excludesRoot() {
        return !exception && (cleaned.equals("*") || cleaned.equals("**") || cleaned.equals("**/*"));
    }

    boolean matches(int[] path) {
        return pattern.matches(path);
    }

    /** Whether something inside a directory may match: what the pattern says before its first wildcard decides. */
    boolean mayMatchBelow(String directory) {
        String inside = directory.isEmpty() ? "" : directory + "/";
        int plain = 0;
        while (plain < cleaned.length() && SPECIAL.indexOf(cleaned.charAt(plain)) < 0) {
            plain++;
        }
        boolean wildcard = plain < cleaned.length();
        return cleaned.startsWith(inside) || (wildcard && inside.startsWith(cleaned.substring(0, plain)));
    }

    /** The shortest path that means the same: without {@code .}, {@code ..} and doubled slashes where that is possible. */
    private static String clean(String path) {
        boolean rooted = path.startsWith("/");
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            boolean up = part.equals("..");
            if (up && !parts.isEmpty() && !parts.getLast().equals("..")) {
                parts.removeLast();
            } else if (!part.isEmpty() && !part.equals(".") && !(up && rooted)) {
                parts.addLast(part);
            }
        }
        String joined = String.join("/", parts);
        return rooted ? "/" + joined : joined.isEmpty() ? "." : joined;
    }
}
