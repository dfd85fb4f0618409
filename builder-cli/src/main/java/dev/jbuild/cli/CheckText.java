package dev.jbuild.cli;

import dev.jbuild.core.api.CheckReport;
import dev.jbuild.dockerfile.Excerpt;
import dev.jbuild.dockerfile.lint.Finding;

/** A check's findings for people: how many, then each with its lines. */
final class CheckText {
    private CheckText() {}

    static String of(CheckReport report) {
        StringBuilder text =
                new StringBuilder("Check complete, ").append(count(report)).append('\n');
        for (Finding finding : report.findings()) {
            text.append("\nWARNING: ").append(finding.rule().word());
            text.append(" - ").append(finding.rule().url()).append('\n');
            text.append(finding.detail()).append('\n');
            text.append(Excerpt.of(report.name(), report.lines(), finding.range()));
        }
        return text.toString();
    }

    private static String count(CheckReport report) {
        int count = report.findings().size();
        return switch (count) {
            case 0 -> "no warnings found.";
            case 1 -> "1 warning has been found!";
            default -> count + " warnings have been found!";
        };
    }
}
