package dev.jbuild.dockerfile;

/**
 * What a hostile file may at most cost. Every error about a limit names it as it is named here.
 *
 * @param dockerfileSize bytes of a Dockerfile
 * @param ignoreSize bytes of a {@code .dockerignore}
 * @param ignorePatterns patterns of a {@code .dockerignore}
 * @param lineLength bytes of a line, and characters of an instruction whose continuations are joined
 * @param expansion characters of an expanded word
 * @param expansionTotal characters of all expanded words of one file
 * @param nesting depth of substitutions in substitutions, and of JSON arrays
 * @param instructions in one Dockerfile
 * @param stages in one Dockerfile
 * @param patternWork pattern length times value length of one {@code ${name#pattern}} or {@code ${name/pattern/text}}
 */
public record ParseLimits(
        int dockerfileSize,
        int ignoreSize,
        int ignorePatterns,
        int lineLength,
        int expansion,
        long expansionTotal,
        int nesting,
        int instructions,
        int stages,
        long patternWork) {
    public static final ParseLimits DEFAULT =
            new ParseLimits(4 << 20, 1 << 20, 10_000, 1 << 20, 1 << 20, 1L << 26, 64, 10_000, 1_000, 1L << 26);
}
