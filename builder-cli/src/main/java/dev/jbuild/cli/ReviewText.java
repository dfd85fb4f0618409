package dev.jbuild.cli;

import dev.jbuild.core.plan.Outline;
import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.Stage;
import java.util.List;

/** The answers of {@code --call=outline} and {@code --call=targets} for people. */
final class ReviewText {
    private static final int NARROW = 1;

    private ReviewText() {}

    static String outline(Outline outline) {
        StringBuilder text = new StringBuilder();
        if (!outline.name().isEmpty() || !outline.description().isEmpty()) {
            Table head = new Table(NARROW, "TARGET:", outline.name().isEmpty() ? "(default)" : outline.name());
            if (!outline.description().isEmpty()) {
                head.row("DESCRIPTION:", outline.description());
            }
            text.append(head).append('\n');
        }
        if (!outline.arguments().isEmpty()) {
            Table table = new Table("BUILD ARG", "VALUE", "DESCRIPTION");
            outline.arguments().forEach(a -> table.row(a.name(), a.value(), a.description()));
            text.append(table).append('\n');
        }
        text.append(needs("SECRET", outline.secrets())).append(needs("SSH", outline.agents()));
        return Printable.lines(text.toString());
    }

    private static String needs(String title, List<Outline.Need> needs) {
        if (needs.isEmpty()) {
            return "";
        }
        Table table = new Table(title, "REQUIRED");
        needs.forEach(need -> table.row(need.name(), need.required() ? "true" : ""));
        return table + "\n";
    }

    static String targets(Dockerfile dockerfile) {
        Table table = new Table(NARROW, "TARGET", "DESCRIPTION");
        for (Stage stage : dockerfile.stages()) {
            boolean last = stage.index() == dockerfile.stages().size() - 1;
            String name = stage.name().orElse("");
            String shown = last ? (name.isEmpty() ? "" : name + " ") + "(default)" : name;
            table.row(shown, stage.description());
        }
        return Printable.lines(table.toString());
    }
}
