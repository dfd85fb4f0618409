package dev.jbuild.core.plan;

/** Numbers the steps of a stage as BuildKit shows them: {@code [build  2/12] RUN make}. */
final class StepTitles {
    private final String label;
    private final int total;
    private int next = 1;

    /** @param label the stage's name; empty when the file has only one */
    StepTitles(String label, int total) {
        this.label = label;
        this.total = total;
    }

    /** Counts a step that leaves nothing to show. */
    void skip() {
        next++;
    }

    String next(String text) {
        String count = Integer.toString(total);
        String number =
                " ".repeat(Math.max(0, count.length() - Integer.toString(next).length())) + next;
        next++;
        String firstLine = text.lines().findFirst().orElse("");
        return "[" + (label.isEmpty() ? "" : label + " ") + number + "/" + count + "] " + firstLine;
    }
}
