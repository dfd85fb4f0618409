package dev.jbuild.core.api;

import dev.jbuild.dockerfile.lint.Finding;
import java.util.List;
import java.util.Optional;

/**
 * What looking at a Dockerfile found.
 *
 * @param name of the file
 * @param lines of the file; none where it could not be read
 * @param findings from the top of the file to its end
 * @param failure why the file cannot be built; the findings then go as far as that
 */
public record CheckReport(String name, List<String> lines, List<Finding> findings, Optional<BuildException> failure) {
    public CheckReport {
        lines = List.copyOf(lines);
        findings = List.copyOf(findings);
    }

    public boolean isClean() {
        return findings.isEmpty() && failure.isEmpty();
    }
}
