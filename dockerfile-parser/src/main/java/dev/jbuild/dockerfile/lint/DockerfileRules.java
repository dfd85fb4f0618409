package dev.jbuild.dockerfile.lint;

import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.Instruction;
import dev.jbuild.dockerfile.Position;
import dev.jbuild.dockerfile.Source;
import dev.jbuild.dockerfile.SourceRange;
import dev.jbuild.dockerfile.Stage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules that the text alone can answer, without arguments, base images or a context. */
public final class DockerfileRules {
    private static final Set<String> RESERVED = Set.of("context", "scratch");

    private final Dockerfile file;
    private final Findings findings;

    private DockerfileRules(Dockerfile file, Findings findings) {
        this.file = file;
        this.findings = findings;
    }

    public static void check(Dockerfile file, Findings findings) {
        new DockerfileRules(file, findings).check();
    }

    private void check() {
        file.globalArgs().forEach(this::checkArg);
        for (Stage stage : file.stages()) {
            checkFrom(stage.from());
            stage.instructions().forEach(this::checkInstruction);
        }
        checkStageNames();
        new KeywordCasing(file, findings).check();
    }

    private void checkInstruction(Instruction instruction) {
        checkContinuation(instruction.source());
        if (instruction instanceof Instruction.Arg arg) {
            checkDescription(arg.source(), "ARG", keys(arg));
        } else if (instruction instanceof Instruction.Maintainer maintainer) {
            findings.report(
                    maintainer.source(),
                    LintRule.MAINTAINER_DEPRECATED,
                    "Maintainer instruction is deprecated in favor of using label");
        }
    }

    private void checkArg(Instruction.Arg arg) {
        checkContinuation(arg.source());
        checkDescription(arg.source(), "ARG", keys(arg));
    }

    private static List<String> keys(Instruction.Arg arg) {
        return arg.definitions().stream().map(d -> d.key().text()).toList();
    }

    /** The line that a blank one was found to continue is the last of the joined ones. */
    private void checkContinuation(Source source) {
        if (source.emptyContinuation().isPresent()) {
            int line = source.emptyContinuation().getAsInt();
            SourceRange there = new SourceRange(new Position(line, 1), line);
            findings.report(source, there, LintRule.NO_EMPTY_CONTINUATION, "Empty continuation line");
        }
    }

    private void checkFrom(Instruction.From from) {
        checkContinuation(from.source());
        if (from.name().isEmpty()) {
            return;
        }
        String name = from.nameAsWritten();
        if (!name.equals(from.name().get())) {
            findings.report(from.source(), LintRule.STAGE_NAME_CASING, "Stage name '" + name + "' should be lowercase");
        }
        String keyword = from.source().keyword();
        if (!matches(keyword, from.asAsWritten())) {
            findings.report(
                    from.source(),
                    LintRule.FROM_AS_CASING,
                    "'" + from.asAsWritten() + "' and '" + keyword + "' keywords' casing do not match");
        }
        checkDescription(from.source(), "FROM", List.of(from.name().get()));
    }

    /** A keyword in mixed case is the affair of another rule. */
    private static boolean matches(String keyword, String as) {
        return switch (Casing.of(keyword)) {
            case LOWER -> Casing.of(as) == Casing.LOWER;
            case UPPER -> Casing.of(as) == Casing.UPPER;
            case MIXED -> true;
        };
    }

    /** The comment directly above is taken for the description of what is defined, and then begins with its name. */
    private void checkDescription(Source source, String keyword, List<String> names) {
        if (source.comments().isEmpty() || names.isEmpty()) {
            return;
        }
        String comment = source.comments().getLast();
        int blank = comment.indexOf(' ');
        if (!names.contains(blank < 0 ? comment : comment.substring(0, blank))) {
            String example = names.size() > 1 ? "<arg_key>" : names.getFirst();
            findings.report(
                    source,
                    LintRule.INVALID_DEFINITION_DESCRIPTION,
                    "Comment for " + keyword + " should follow the format: `# " + example + " <description>`");
        }
    }

    private void checkStageNames() {
        Set<String> seen = new HashSet<>();
        for (Stage stage : named()) {
            String name = stage.name().orElseThrow();
            if (RESERVED.contains(name)) {
                findings.report(
                        stage.from().source(),
                        LintRule.RESERVED_STAGE_NAME,
                        "Stage name should not use the same name as reserved stage \"" + name + "\"");
            }
            if (!seen.add(name)) {
                findings.report(
                        stage.from().source(),
                        LintRule.DUPLICATE_STAGE_NAME,
                        "Duplicate stage name \"" + name + "\", stage names should be unique");
            }
        }
    }

    private List<Stage> named() {
        List<Stage> named = new ArrayList<>();
        for (Stage stage : file.stages()) {
            if (stage.name().isPresent()) {
                named.add(stage);
            }
        }
        return named;
    }
}
