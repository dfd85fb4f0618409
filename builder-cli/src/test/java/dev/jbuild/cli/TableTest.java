package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class TableTest {
    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        Table table = new Table("A", "LONG", "C");
        table.row("1234", "x", "y");
        assertThat(table).hasToString("A      LONG   C\n1234   x      y\n");
    }

    @Test
    void everyRowHasACellForEachColumn() {
        Table table = new Table("A", "B");
        assertThatThrownBy(() -> table.row("x")).isInstanceOf(IllegalArgumentException.class);
    }
}
