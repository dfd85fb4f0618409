package dev.jbuild.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows under a header, in columns as wide as their widest cell. */
final class Table {
    private static final int GAP = 3;

    private final int gap;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... header) {
        this(GAP, header);
    }

    /** @param gap how many blanks stand between two columns */
    Table(int gap, String... header) {
        this.gap = gap;
        rows.add(List.of(header));
    }

    void row(String... cells) {
        if (cells.length != rows.getFirst().size()) {
            throw new IllegalArgumentException("a row of " + cells.length + " cells");
        }
        rows.add(List.of(cells));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            int last = row.size() - 1;
            for (int column = 0; column < last; column++) {
                String cell = row.get(column);
                text.append(cell).append(" ".repeat(width(column) + gap - cell.length()));
            }
            text.append(row.get(last)).append('\n');
        }
        return text.toString();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
