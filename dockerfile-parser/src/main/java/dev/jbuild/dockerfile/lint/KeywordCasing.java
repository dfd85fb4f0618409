package dev.jbuild.dockerfile.lint;

import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.Instruction;
import dev.jbuild.dockerfile.Source;
import dev.jbuild.dockerfile.Stage;
import java.util.ArrayList;
import java.util.List;

/** The rule that keywords are written one way: as most of them in the file are, and upper case where it is a draw. */
record KeywordCasing(Dockerfile file, Findings findings) {
    void check() {
        List<Source> sources = sources();
        Casing majority = majority(sources);
        for (Source source : sources) {
            if (Casing.of(source.keyword()) != majority) {
                findings.report(
                        source,
                        LintRule.CONSISTENT_INSTRUCTION_CASING,
                        "Command '" + source.keyword() + "' should match the case of the command majority ("
                                + (majority == Casing.LOWER ? "lowercase" : "uppercase") + ")");
            }
        }
    }

    /** ARGs before the first FROM belong to no stage, and are left out as BuildKit leaves them out. */
    private List<Source> sources() {
        List<Source> sources = new ArrayList<>();
        for (Stage stage : file.stages()) {
            sources.add(stage.from().source());
            stage.instructions().stream().map(Instruction::source).forEach(sources::add);
        }
        return sources;
    }

    private static Casing majority(List<Source> sources) {
        long lower = sources.stream()
                .filter(source -> Casing.of(source.keyword()) == Casing.LOWER)
                .count();
        long upper = sources.stream()
                .filter(source -> Casing.of(source.keyword()) == Casing.UPPER)
                .count();
        return lower > upper ? Casing.LOWER : Casing.UPPER;
    }
}
