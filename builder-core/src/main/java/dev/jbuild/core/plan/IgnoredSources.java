package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.IgnoreRules;
import dev.jbuild.dockerfile.Source;
import dev.jbuild.dockerfile.lint.Findings;
import dev.jbuild.dockerfile.lint.LintRule;

/** The rule that what a COPY or ADD names is not left out by the ignore file. */
record IgnoredSources(Findings findings, IgnoreRules ignore) {
    /** @param source as it was expanded */
    void check(String verb, String source, Source instruction) {
        // An exception may bring back a file in a directory that is left out; only the context itself could tell.
        // An absolute path matches no pattern of BuildKit's.
        boolean elsewhere = source.startsWith("/") || source.contains("://") || source.startsWith("git@");
        if (elsewhere || ignore.isEmpty() || ignore.hasExceptions()) {
            return;
        }
        String path = clean(source);
        boolean out = path.equals(".") ? ignore.excludesRoot() : ignore.excludes(path);
        if (out) {
            findings.report(
                    instruction,
                    LintRule.COPY_IGNORED_FILE,
                    "Attempting to " + verb + " file " + GoText.quoted(path) + " that is excluded by .dockerignore");
        }
    }

    /** The shortest path that means the same, relative to the context. */
    private static String clean(String source) {
        String absolute = ImagePaths.source(source);
        return absolute.length() == 1 ? "." : absolute.substring(1);
    }
}
