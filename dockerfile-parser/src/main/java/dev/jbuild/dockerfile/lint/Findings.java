package dev.jbuild.dockerfile.lint;

import dev.jbuild.dockerfile.Source;
import dev.jbuild.dockerfile.SourceRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Gathers what the rules find, less what the options silence. */
public final class Findings {
    private final CheckOptions options;
    private final List<Finding> found = new ArrayList<>();

    public Findings(CheckOptions options) {
        this.options = options;
    }

    /** @param source the instruction that breaks the rule; a {@code # check=skip=} comment above it is obeyed */
    public void report(Source source, LintRule rule, String detail) {
        report(source, source.range(), rule, detail);
    }

    /**
     * A finding that is shown elsewhere than at the instruction that causes it.
     *
     * @param source the instruction whose comments are obeyed
     */
    public void report(Source source, SourceRange range, LintRule rule, String detail) {
        if (options.withComments(source.comments()).allows(rule)) {
            found.add(new Finding(rule, detail, range));
        }
    }

    /** What is odd about the options themselves. */
    public List<String> notes() {
        return options.notes();
    }

    /** What was found so far, from the top of the file to its end. */
    public List<Finding> list() {
        return found.stream()
                .sorted(Comparator.comparingInt(finding -> finding.range().firstLine()))
                .toList();
    }

    /** Whether the file asks for its build to fail now. */
    public boolean failBuild() {
        return options.error() && !found.isEmpty();
    }

    /** The names of the rules that are broken, each once, in the order of the file. */
    public String brokenRules() {
        return list().stream().map(finding -> finding.rule().word()).distinct().collect(Collectors.joining(", "));
    }
}
