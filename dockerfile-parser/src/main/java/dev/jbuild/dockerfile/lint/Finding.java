package dev.jbuild.dockerfile.lint;

import dev.jbuild.dockerfile.SourceRange;

/**
 * A place in a Dockerfile that breaks a rule.
 *
 * @param detail what is wrong there, one sentence without a full stop
 */
public record Finding(LintRule rule, String detail, SourceRange range) {
    /** One line: {@code StageNameCasing: Stage name 'Build' should be lowercase (line 4)}. */
    public String line() {
        return rule.word() + ": " + detail + " (line " + range.firstLine() + ")";
    }
}
