package dev.jbuild.dockerfile;

/** A wildcard pattern of COPY and ADD sources, by the rules of Go's {@code filepath.Match}. */
public final class Glob {
    private final PathPattern pattern;

    private Glob(PathPattern pattern) {
        this.pattern = pattern;
    }

    public static Glob compile(String pattern) throws BadPatternException {
        return new Glob(PathPattern.shallow(pattern));
    }

    /** Whether a source is a pattern and not the name of one file or directory. */
    public static boolean hasWildcards(String source) {
        for (int i = 0; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '*' || c == '?' || c == '[') {
                return true;
            }
        }
        return false;
    }

    /** Whether the whole of a slash-separated path matches; no wildcard crosses a slash. */
    public boolean matches(String path) {
        return pattern.matches(PathPattern.characters(path));
    }
}
